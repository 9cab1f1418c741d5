import type { Line } from './facts.ts'
import { goLive, messages, toMinute, toSecond } from './words.ts'

export const outboxLine: Line = ({ outbox: { waiting, triedAt, unsure }, isHeld, hasAccount, account }) => {
  const part = { id: 'outbox', title: 'To send' } as const
  const show = { label: 'Show sessions', request: 'go_sessions' } as const
  const doubt = unsure === 0 ? '' : `${messages(unsure)} may or may not have gone out. `
  if (waiting === 0)
    return {
      ...part,
      state: unsure > 0 ? 'trouble' : 'well',
      sentence: `${doubt}Nothing ${unsure > 0 ? 'else ' : ''}waits to be sent.`,
      action: unsure > 0 ? show : null,
    }
  const isOne = waiting === 1
  if (account?.state === 'refused')
    return {
      ...part,
      state: 'trouble',
      sentence: `${doubt}${messages(waiting)} ${isOne ? 'waits' : 'wait'} until Twilio takes the account again.`,
      action: account.kept === 'environment' ? show : goLive('Change token'),
    }
  const state = isHeld
    ? `${isOne ? 'waits' : 'wait'} until Twilio’s lists were read, in case somebody said STOP meanwhile.`
    : triedAt === null
      ? `${isOne ? 'is' : 'are'} being sent.`
      : `${isOne ? 'waits' : 'wait'}; the next try is at ${toSecond(triedAt)}.`
  return {
    ...part,
    state: !hasAccount || unsure > 0 ? 'trouble' : 'busy',
    sentence: hasAccount
      ? `${doubt}${messages(waiting)} ${state} Sending does not need the tunnel.`
      : `${doubt}${messages(waiting)} ${isOne ? 'waits' : 'wait'} for an account.`,
    action: hasAccount ? show : goLive('Connect it'),
  }
}

export const catchUpLine: Line = ({ catchUp, hasAccount, isSimulation }) => {
  const part = { id: 'catch_up', title: 'Catching up' } as const
  const readTo = catchUp.read_to === null ? '' : `Read to ${toMinute(catchUp.read_to)}. `
  if (isSimulation)
    return { ...part, state: 'off', sentence: 'Nothing is missed in a simulation.', action: null }
  if (!hasAccount || catchUp.state === 'off')
    return {
      ...part,
      state: 'off',
      sentence: hasAccount
        ? 'Twilio’s lists are read once the account’s SID is set beside its token.'
        : 'Twilio’s lists are read once an account is entered.',
      action: null,
    }
  if (catchUp.state === 'reading')
    return {
      ...part,
      state: 'busy',
      sentence: `${catchUp.sentence} ${catchUp.looked_at.toLocaleString('en-US')} looked at, ${catchUp.found.toLocaleString('en-US')} of them new.`,
      action: { label: 'Stop', request: 'catch_up.cancel' },
    }
  return {
    ...part,
    state: catchUp.state === 'failed' ? 'trouble' : 'well',
    sentence: `${readTo}${catchUp.sentence}`,
    action: { label: 'Read now', request: 'catch_up.start' },
  }
}
