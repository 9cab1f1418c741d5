import type { AccountView, NumberView, Warning, WayView } from '../../shared/live.ts'

/** What is to be known before going live; none of it stands in the way. */
export function warningsOf(
  account: AccountView,
  numbers: readonly NumberView[],
  way: WayView,
  registered: (sid: string) => boolean | undefined,
): Warning[] {
  const chosen = numbers.filter((number) => number.chosen)
  const warnings: Warning[] = []
  if (account.trial)
    warnings.push({
      code: 'trial',
      sentence:
        'This is a trial account: it writes to numbers you have verified at Twilio only, and puts a line of its own in front.',
      link: 'https://www.twilio.com/docs/usage/tutorials/how-to-use-your-free-trial-account',
    })
  const local = chosen.filter(
    ({ sid, number, can }) => can.sms && isLocalUs(number) && registered(sid) !== true,
  )
  if (local.length > 0)
    warnings.push({
      code: 'not_registered',
      sentence:
        registered(local[0]?.sid ?? '') === false
          ? `${local.map(({ number }) => number).join(', ')} belongs to no registered campaign (A2P 10DLC), so carriers refuse what you send to US phones (error 30034). Receiving works. Register at Twilio, and read the numbers again.`
          : 'US numbers must be registered (A2P 10DLC) before they may text US phones; until then carriers refuse what you send (error 30034). Receiving works.',
      link: 'https://www.twilio.com/docs/messaging/compliance/a2p-10dlc',
    })
  if (way.kind === 'localtunnel')
    warnings.push({
      code: 'tunnel_reads',
      sentence:
        'Whoever runs the tunnel’s server can read what passes through it, numbers and words. They can’t forge anything: each message is signed with your token.',
      link: null,
    })
  if (chosen.some(({ state }) => state === 'overridden'))
    warnings.push({
      code: 'overridden',
      sentence:
        'Something at Twilio takes the place of a chosen number’s addresses, so nothing of it comes here. The number says what, and how to undo it.',
      link: 'https://console.twilio.com/us1/develop/phone-numbers/manage/incoming',
    })
  if (chosen.some(({ voice, before }) => voice === 'here' && before?.voice_url === ''))
    warnings.push({
      code: 'fallback_voice',
      sentence:
        'Nothing answered calls to a chosen number before. While this computer sleeps, Twilio’s own Twimlet (twimlets.com) takes a voicemail, which appears here afterwards.',
      link: null,
    })
  if (account.kept === 'in_memory')
    warnings.push({
      code: 'token_in_memory',
      sentence:
        'The token is forgotten when Switchboard ends, and nothing is taken until it is entered again.',
      link: null,
    })
  return warnings
}

/** +1 and ten digits that are not toll-free. */
const isLocalUs = (number: string): boolean =>
  /^\+1[2-9]\d{9}$/.test(number) && !/^\+18(00|33|44|55|66|77|88)/.test(number)
