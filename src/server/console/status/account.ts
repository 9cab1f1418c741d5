import type { Line } from './facts.ts'
import { goLive, askTwilio, toMinute } from './words.ts'

export const accountLine: Line = ({ account, hasAccount, isSimulation }) => {
  const part = { id: 'account', title: 'Account' } as const
  if (isSimulation)
    return { ...part, state: 'well', sentence: 'The simulation’s own; it reaches nobody.', action: null }
  if (!account)
    return hasAccount
      ? { ...part, state: 'well', sentence: 'A token is set from outside.', action: null }
      : { ...part, state: 'off', sentence: 'No Twilio account is entered yet.', action: goLive('Connect it') }
  const who = [account.name, account.sid && `${account.sid.slice(0, 2)}…${account.sid.slice(-4)}`]
    .filter(Boolean)
    .join(', ')
  const isFixed = account.kept === 'environment'
  switch (account.state) {
    case 'none':
      return { ...part, state: 'off', sentence: account.sentence, action: goLive('Connect it') }
    case 'good':
      return {
        ...part,
        state: 'well',
        sentence: `${who}. Token checked${account.checked_at === null ? '' : ` at ${toMinute(account.checked_at)}`}.`,
        action: isFixed ? null : goLive('Change token'),
      }
    case 'refused':
      return {
        ...part,
        state: 'trouble',
        sentence: [who, account.sentence].filter(Boolean).join('. '),
        // What is set from outside is changed there; here Twilio can be asked again.
        action: isFixed ? askTwilio('Ask again') : goLive('Change token'),
      }
    case 'unreached':
      // Without its SID nobody can be asked about it.
      if (account.sid === null)
        return {
          ...part,
          state: 'off',
          sentence: account.sentence,
          action: isFixed ? null : goLive('Connect it'),
        }
      return {
        ...part,
        state: account.checked_at === null ? 'off' : 'trouble',
        sentence: [who, account.sentence].filter(Boolean).join('. '),
        action: askTwilio(account.checked_at === null ? 'Ask now' : 'Ask again'),
      }
  }
}

export const numbersLine: Line = ({ numbers, leaving, numbersReadAt, account, hasAccount, isSimulation }) => {
  const part = { id: 'numbers', title: 'Numbers' } as const
  const chosen = numbers.filter((number) => number.chosen)
  if (isSimulation)
    return { ...part, state: 'well', sentence: 'The test phone writes to one of its own.', action: null }
  if (!hasAccount)
    return { ...part, state: 'off', sentence: 'There are none without an account.', action: null }
  if (leaving && leaving.why !== '')
    return {
      ...part,
      state: 'trouble',
      sentence: `${String(leaving.left)} could not be put back yet, which is tried again by itself. ${leaving.why}`,
      action: goLive('Look at it'),
    }
  const notBack = numbers.find((number) => !number.chosen && number.before !== null && number.problem !== '')
  if (notBack)
    return {
      ...part,
      state: 'trouble',
      sentence: `${notBack.number} could not be put back yet: ${notBack.problem}`,
      action: goLive('Look at it'),
    }
  if (chosen.length === 0) {
    // Which of them come here is known once Twilio has said which there are.
    const isUnknown = account && account.sid !== null && account.state !== 'none' && numbersReadAt === null
    return {
      ...part,
      state: 'off',
      sentence: isUnknown ? 'They were not read from Twilio yet.' : 'None is chosen to come here.',
      action: isUnknown ? askTwilio('Read them') : goLive('Choose'),
    }
  }
  const here = chosen.filter(({ state }) => state === 'here').length
  const problem = chosen.find((number) => number.problem !== '')
  const count = `${String(here)} of ${String(chosen.length)} point here.`
  if (problem)
    return {
      ...part,
      state: 'trouble',
      sentence: `${count} ${problem.number}: ${problem.problem}`,
      action: goLive('Look at it'),
    }
  if (here < chosen.length)
    return {
      ...part,
      state: chosen.some(({ state }) => state === 'elsewhere') ? 'trouble' : 'off',
      sentence: chosen.some(({ state }) => state === 'elsewhere')
        ? `${count} Something else has changed the others since.`
        : `${count} The others do once you go live.`,
      action: goLive('Point them here'),
    }
  return {
    ...part,
    state: 'well',
    sentence: `${count} Twilio tries each message again for 15 s.`,
    action: { label: 'Self-test', request: 'live.test' },
  }
}
