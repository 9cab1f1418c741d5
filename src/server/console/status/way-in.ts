import { iso } from '../../iso.ts'
import type { Line } from './facts.ts'
import { goLive, TRY_NOW, hostOf, toMinute, toSecond } from './words.ts'

export const tunnelLine: Line = ({ tunnel, isSimulation, isListening }) => {
  const part = { id: 'tunnel', title: 'Tunnel' } as const
  const host = hostOf(tunnel.url)
  const { tries, next_try_at: next } = tunnel
  switch (tunnel.state) {
    case 'off':
      return {
        ...part,
        state: 'off',
        sentence: isSimulation
          ? 'A simulation needs none: its phones are on this computer.'
          : isListening
            ? 'No way in is open from here. What is forwarded to the webhook port is taken.'
            : 'No way in is open from outside.',
        action: isSimulation ? null : goLive('Open one'),
      }
    case 'opening':
    case 'checking':
      return {
        ...part,
        state: tries > 0 ? 'trouble' : 'busy',
        sentence:
          tries > 0
            ? `${host || 'The way in'} is being opened again, try ${String(tries + 1)}. Nothing is lost: what arrives now is read afterwards.`
            : tunnel.state === 'opening'
              ? 'An address is being opened.'
              : `${host || 'The way in'} is open, and is being asked whether it leads here.`,
        // The same button from the first failure on: it doesn't come and go with each try.
        action: tries > 0 ? TRY_NOW : null,
      }
    case 'up':
      return {
        ...part,
        state: 'well',
        sentence: `${host} leads here, since ${toMinute(tunnel.since)}.`,
        action: goLive('Change'),
      }
    case 'down':
      return {
        ...part,
        state: 'trouble',
        sentence: `${host || 'The way in'} does not lead here${tunnel.lost_at === null ? '' : ` since ${toSecond(tunnel.lost_at)}`}: ${tunnel.reason}. Try ${String(tries)} failed${next === null ? '' : `, the next is at ${toSecond(next)}`}.`,
        action: TRY_NOW,
      }
  }
}

export const webhookLine: Line = ({ lastWebhookAt, refusedWebhooks, account, isListening, isSimulation }) => {
  const part = { id: 'last_webhook', title: 'Last webhook' } as const
  const log = { label: 'Go to the logs', request: 'go_log' } as const
  if (refusedWebhooks) {
    const { count, since } = refusedWebhooks
    const taken = lastWebhookAt === null ? '' : `Taken at ${toSecond(iso(lastWebhookAt))}. `
    // Twilio repeats each: how many messages they were about nobody can tell who may not believe them.
    const requests = count === 1 ? '1 request' : `${count.toLocaleString('en-US')} requests`
    const refused = `${taken}${requests} refused since ${toMinute(iso(since))}`
    // Anybody can post something unsigned here: only Twilio's own word on the account makes it trouble.
    if (account?.state === 'refused')
      return {
        ...part,
        state: 'trouble',
        sentence: `${refused}: signed with another token. What they told of is read from Twilio’s lists once the account’s token is right.`,
        action: account.kept === 'environment' ? log : goLive('Change token'),
      }
    return {
      ...part,
      state: lastWebhookAt === null ? 'off' : 'well',
      sentence: `${refused}: not signed for this address with this account’s token. Only Twilio may post here.`,
      action: log,
    }
  }
  if (lastWebhookAt !== null)
    return {
      ...part,
      state: 'well',
      sentence: `Taken at ${toSecond(iso(lastWebhookAt))}, and stored before it was answered.`,
      action: log,
    }
  return {
    ...part,
    state: 'off',
    sentence: isListening
      ? 'None has come since the start.'
      : 'None is taken: no token is set to check them with.',
    action: isSimulation || !isListening ? { label: 'Test phone', request: 'go_phone' } : null,
  }
}
