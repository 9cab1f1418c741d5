/**
 * Every error a person can meet: a code and a sentence that says what to do next.
 * `{name}` in a sentence is filled from the error's details.
 */
export const ERRORS = {
  // webhooks
  not_configured:
    'No Twilio auth token is set, so no webhook can be checked and none is taken. Set TWILIO_AUTH_TOKEN, or start the test phone.',
  signature_missing: 'The request carries no Twilio signature. Only Twilio may post here.',
  signature_wrong:
    'The signature does not match. Check that the auth token and the public address are the ones set at Twilio.',
  account_wrong: 'The request is for another Twilio account.',
  method_wrong: 'Only {method} is taken here.',
  content_type_wrong: 'Only application/x-www-form-urlencoded is taken here.',
  body_too_large: 'The body is larger than 64 kB.',
  fields_too_many: 'The form has more than {most} fields.',
  body_malformed: 'The body could not be read as a form.',
  params_missing: 'The request lacks {names}.',
  params_conflicting: 'The request gives {names} more than once with different values.',
  too_many_refused: 'Too many unsigned requests. Try again in a minute.',
  not_found: 'There is nothing at this address.',
  // store
  disk_full:
    'The disk is full: nothing can be taken until there is room. Free some space; Switchboard goes on by itself.',
  disk_failed: 'The data folder cannot be written ({reason}). Check its permissions and the disk.',
  data_locked: 'Another Switchboard (process {pid}) is using {data}. Close it, or use the command beside it.',
  data_newer:
    'The data in {data} was written by a newer Switchboard (format {found}, this one reads {known}). Update Switchboard; nothing was changed.',
  data_damaged: 'A part of the data was damaged and set aside: {what}. Run `switchboard verify --repair`.',
  backup_damaged: 'The backup {file} is not whole: {what}. Nothing was changed.',
  not_while_running: 'This cannot be done while a console is running on {data}. Stop it first.',
  no_data: 'There is no Switchboard data in {data}.',
  // account and going live
  account_refused: 'Twilio does not take this account: {why}',
  account_unreached: 'Twilio could not be asked, so nothing was kept: {why}',
  account_unusable:
    'Twilio refuses the account or its token, so nothing is sent or taken until that is put right. Nothing is lost: check the token.',
  account_fixed:
    'The account is set from outside, by TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN. Change it there and start Switchboard again.',
  account_missing: 'Enter your Twilio account first.',
  numbers_missing: 'Choose at least one number first.',
  numbers_unknown:
    'SWITCHBOARD_NUMBERS names {numbers}, which this account does not have. Correct it and start Switchboard again.',
  numbers_elsewhere: 'Not everything arrives. {numbers}: {why}',
  numbers_overridden: 'Not everything arrives. {numbers}: {why}',
  numbers_gone: 'Not everything arrives. {numbers}: {why}',
  numbers_unread: 'Whether the chosen numbers lead here is not known: {why} It is asked again by itself.',
  bad_environment: '{name} can’t be used: {why}.',
  way_missing: 'Choose how the world reaches you first.',
  bad_address: '{value} cannot be called by Twilio: {why}. Give an address such as https://sms.example.com.',
  // tunnel
  tunnel_down:
    'The tunnel is down ({reason}), so nothing from outside arrives. It is being opened again by itself.',
  // files
  files_unreachable:
    'Twilio fetches files from this computer, and nobody outside can reach it now. Go live, wait until the way in is open again, or send the words alone.',
  // requests
  bad_request: '{what}',
  erased: 'That message was erased here, and it does not come back.',
  no_such_session: 'There is no session {id}.',
  no_such_message: 'There is no message {id}.',
  no_such_contact: 'Nobody with the number {number} has written or called yet.',
  note_changed: 'This note was changed elsewhere while you wrote. Keep yours, or take the other.',
  setting_changed:
    'This was changed elsewhere while you wrote. Press Save or leave the field once more to keep yours, or press Esc to take the other.',
  no_such_channel: 'There is no channel {number}.',
  no_such_template: 'There is no such template any more. Save it as a new one.',
  no_such_setting: 'There is no setting {key}. `switchboard config get` lists them all.',
  bad_setting: '{key} cannot be {value}: {why}',
  bad_value: 'That can’t be kept: {why}',
  bad_gap: 'A gap is a time between 1 s and 24 h, such as 5m, 300s or 1h; {value} is not.',
  bad_time: '{value} is not a time. Use ISO 8601, such as 2025-01-15T10:00:00Z.',
  file_unreadable: '{file} cannot be read: {reason}.',
  port_taken: 'Port {port} is taken and no free one was found after it. Choose another.',
  not_running: 'No console is running on {data}. Start one with `npm start` or `switchboard serve`.',
  not_possible: '{what}',
  undo_gone: 'That can no longer be undone: it was undone already, or too much has been done since.',
  undo_overtaken: 'That can no longer be undone: something done later took its place.',
  simulation_only: '{what} works in a simulation only. Start with --simulator.',
  internal:
    'Something went wrong inside Switchboard ({reason}). Your messages are safe; the log has the details.',
} as const

export type ErrorCode = keyof typeof ERRORS
export type Details = Readonly<Record<string, string | number>>

export function sentence(code: ErrorCode, details: Details = {}): string {
  return ERRORS[code].replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole))
}

/** An error a person can meet. Anything else that is thrown is a defect. */
export class SwitchboardError extends Error {
  readonly code: ErrorCode
  readonly details: Details
  constructor(code: ErrorCode, details: Details = {}, options?: ErrorOptions) {
    super(sentence(code, details), options)
    this.name = 'SwitchboardError'
    this.code = code
    this.details = details
  }
}
