/** Refusals in Twilio's shape: {code, message, more_info, status}. Messages are in Twilio's manner, for programs. */
const MESSAGES: Readonly<Record<number, readonly [status: number, message: string]>> = {
  20001: [400, 'Invalid parameter'],
  20003: [401, 'Authenticate'],
  20404: [404, 'The requested resource was not found'],
  20429: [429, 'Too Many Requests'],
  21205: [400, 'Url is not a valid URL'],
  21211: [400, "The 'To' number is not a valid phone number."],
  21408: [400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number"],
  21602: [400, 'Message body is required.'],
  21603: [400, "A 'From' phone number is required."],
  21604: [400, "A 'To' phone number is required."],
  21606: [
    400,
    "The 'From' phone number provided is not a valid message-capable Twilio phone number for this account",
  ],
  21608: [400, 'The number is unverified. Trial accounts cannot send messages to unverified numbers'],
  21610: [400, 'Attempt to send to unsubscribed recipient'],
  21612: [400, "Message cannot be sent with the current combination of 'To' and/or 'From' parameters"],
  21614: [400, "'To' number is not a valid mobile number"],
  21617: [400, 'The concatenated message body exceeds the 1600 character limit.'],
  21655: [400, 'The ContentSid is invalid.'],
  21656: [400, 'The ContentVariables Parameter is invalid.'],
  63015: [400, 'Channel Sandbox can only send messages to phone numbers that have joined the Sandbox'],
  63016: [400, 'Failed to send freeform message because you are outside the allowed window.'],
}

export class Refusal extends Error {
  readonly code: number
  readonly status: number
  constructor(code: number, status?: number) {
    const [usual, message] = MESSAGES[code] ?? [400, `Error ${code}`]
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.status = status ?? usual
  }

  toJSON() {
    const more_info = `https://www.twilio.com/docs/errors/${this.code}`
    return { code: this.code, message: this.message, more_info, status: this.status }
  }
}
