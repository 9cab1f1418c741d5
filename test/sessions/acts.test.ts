import { describe, expect, test } from 'vitest'
import { splitAct } from '../../src/server/sessions/index.ts'
import { clock, type Conversation, Desk } from './model.ts'

const at = (time: string): number => clock(`${time}:00`)

/** One key with a message at each of the times, its sid. */
function conversation(...times: string[]): Conversation {
  const person = new Desk().key('+1')
  for (const time of times) person.arrive(at(time), time)
  return person
}
const closed = (person: Conversation) => person.sessions.map((s) => s.closed)
const reasons = (person: Conversation) => person.sessions.map((s) => s.reason.kind)

describe('close', () => {
  test('ends the session: the next message starts another, within the gap too', () => {
    const person = conversation('10:00')
    person.close(0, at('10:01'))
    expect(closed(person)).toEqual([true])
    person.arrive(at('10:02'), '10:02')
    expect(person.groups).toEqual([['10:00'], ['10:02']])
    expect(person.session(1).reason).toEqual({ kind: 'closed', at: '2025-01-15T10:01:00.000Z' })
    expect(closed(person)).toEqual([true, false])
  })

  test('where the silence would have broken anyway, silence is the reason', () => {
    const person = conversation('10:00')
    person.close(0, at('10:01'))
    person.arrive(at('10:10'), '10:10')
    expect(reasons(person)).toEqual(['first', 'silence'])
  })

  test('a message of the very instant belongs to what was closed', () => {
    const person = conversation('10:00')
    person.close(0, at('10:01'))
    person.arrive(at('10:01'), '10:01')
    expect(person.groups).toEqual([['10:00', '10:01']])
  })

  test('of an older session it ends right behind its last message', () => {
    const person = conversation('10:00', '10:10')
    person.close(0, at('11:00'))
    expect(closed(person)).toEqual([true, false])
    person.arrive(at('10:11'), '10:11')
    expect(person.groups).toEqual([['10:00'], ['10:10', '10:11']])
  })

  test('of a session that shares its last instant with the next leaves the next one whole', () => {
    const person = conversation('10:00')
    for (const sid of ['a', 'b', 'c']) person.arrive(at('10:01'), sid)
    person.split('b', at('10:05'))
    person.close(0, at('10:06'))
    expect(person.groups).toEqual([
      ['10:00', 'a'],
      ['b', 'c'],
    ])
    expect(closed(person)).toEqual([true, false])
  })

  test('undone it is as if it had not been', () => {
    const person = conversation('10:00')
    const close = person.close(0, at('10:01'))
    person.arrive(at('10:02'), '10:02')
    person.undo(close)
    expect(person.groups).toEqual([['10:00', '10:02']])
    expect(closed(person)).toEqual([false])
  })
})

describe('reopen', () => {
  test('lifts the cut when nothing follows: the next message goes on', () => {
    const person = conversation('10:00')
    person.close(0, at('10:01'))
    person.reopen(0)
    expect(closed(person)).toEqual([false])
    expect(person.acts[0]?.lifted).toBe('removed')
    person.arrive(at('10:02'), '10:02')
    expect(person.groups).toEqual([['10:00', '10:02']])
  })

  test('makes a followed session active, and it stays apart', () => {
    const person = conversation('10:00')
    person.close(0, at('10:01'))
    person.arrive(at('10:02'), '10:02')
    person.reopen(0)
    expect(person.acts[0]?.lifted).toBe('open')
    expect(person.groups).toEqual([['10:00'], ['10:02']])
    expect(closed(person)).toEqual([false, false])
    expect(reasons(person)).toEqual(['first', 'closed'])
  })

  test('takes back every close that ends the session', () => {
    const person = conversation('10:00')
    person.close(0, at('10:01'))
    person.close(0, at('10:03'))
    person.reopen(0)
    expect(closed(person)).toEqual([false])
  })

  test('a late message of the contact makes a closed session active; the cut stays', () => {
    const person = conversation('10:00')
    person.close(0, at('10:04'))
    person.arrive(at('10:02'), '10:02', { fromContact: true })
    expect(person.groups).toEqual([['10:00', '10:02']])
    expect(closed(person)).toEqual([false])
    person.arrive(at('10:05'), '10:05')
    expect(person.groups).toEqual([['10:00', '10:02'], ['10:05']])
    expect(reasons(person)).toEqual(['first', 'closed'])
  })

  test('a late message of anyone else leaves it closed', () => {
    const person = conversation('10:00')
    person.close(0, at('10:04'))
    person.arrive(at('10:02'), '10:02')
    expect(closed(person)).toEqual([true])
  })
})

describe('split and merge', () => {
  test('split cuts before a message; the part without the earliest message gets a new id', () => {
    const person = conversation('10:00', '10:01', '10:02')
    const { id } = person.session(0)
    person.split('10:01', at('12:00'))
    expect(person.groups).toEqual([['10:00'], ['10:01', '10:02']])
    expect(person.session(0).id).toBe(id)
    expect(person.session(1)).toMatchObject({ reason: { kind: 'split', at: '2025-01-15T12:00:00.000Z' } })
    expect(closed(person)).toEqual([false, false])
  })

  test('there is nothing to split before the first message or outside the session', () => {
    const within = conversation('10:00', '10:01').session(0)
    expect(splitAct(within, within.first, 0)).toBeUndefined()
    expect(splitAct(within, { at: at('09:59'), sid: 'x' }, 0)).toBeUndefined()
    expect(splitAct(within, { at: at('10:02'), sid: 'x' }, 0)).toBeUndefined()
  })

  test('merge joins a session with the one behind it, over any silence; undone they part', () => {
    const person = conversation('10:00', '11:00', '12:00')
    const ids = person.sessions.map((s) => s.id)
    const merge = person.merge(0, at('13:00'))
    expect(person.groups).toEqual([['10:00', '11:00'], ['12:00']])
    expect(person.session(0).id).toBe(ids[0])
    if (merge) person.undo(merge)
    expect(person.groups).toEqual([['10:00'], ['11:00'], ['12:00']])
  })

  test('there is nothing to merge behind the newest', () => {
    expect(conversation('10:00').merge(0, at('11:00'))).toBeUndefined()
  })

  test('a merged stretch does not break for late messages in it, and ends where it ended', () => {
    const person = conversation('10:00', '11:00')
    person.merge(0, at('13:00'))
    person.arrive(at('10:30'), '10:30')
    person.arrive(at('11:06'), '11:06')
    expect(person.groups).toEqual([['10:00', '10:30', '11:00'], ['11:06']])
  })

  test('undoing a split joins again, and the emptied id leads to the whole', () => {
    const person = conversation('10:00', '10:01')
    const split = person.split('10:01', at('12:00'))
    const ids = person.sessions.map((s) => s.id)
    if (split) person.undo(split)
    expect(person.groups).toEqual([['10:00', '10:01']])
    expect(ids.map((id) => person.resolve(id).id)).toEqual([ids[0], ids[0]])
  })
})

describe('the later act wins', () => {
  test('a merge after a split, and after a close', () => {
    const person = conversation('10:00', '10:01')
    person.split('10:01', at('12:00'))
    person.merge(0, at('12:01'))
    expect(person.groups).toEqual([['10:00', '10:01']])

    const other = conversation('10:00')
    other.close(0, at('10:01'))
    other.arrive(at('10:02'), '10:02')
    other.merge(0, at('12:00'))
    expect(other.groups).toEqual([['10:00', '10:02']])
    expect(closed(other)).toEqual([false])
  })

  test('a split after a merge, over the silence the merge had carried', () => {
    const person = conversation('10:00', '11:00')
    person.merge(0, at('12:00'))
    person.split('11:00', at('12:01'))
    expect(person.groups).toEqual([['10:00'], ['11:00']])
    expect(reasons(person)).toEqual(['first', 'split'])
  })

  test('undoing the later lets the earlier hold again', () => {
    const person = conversation('10:00', '10:01')
    person.split('10:01', at('12:00'))
    const merge = person.merge(0, at('12:01'))
    if (merge) person.undo(merge)
    expect(person.groups).toEqual([['10:00'], ['10:01']])
  })

  test('a reply after a close goes on in the closed session and opens it', () => {
    const person = conversation('10:00')
    person.close(0, at('10:01'))
    person.reply({ at: at('10:00'), sid: '10:00' }, at('11:00'), 'reply')
    expect(person.groups).toEqual([['10:00', 'reply']])
    expect(closed(person)).toEqual([false])
  })
})

describe('a reply', () => {
  test('carries the session over the silence, and silence is measured from it', () => {
    const person = conversation('10:00')
    person.reply({ at: at('10:00'), sid: '10:00' }, at('10:20'), 'reply')
    person.arrive(at('10:25'), '10:25')
    person.arrive(at('10:31'), '10:31')
    expect(person.groups).toEqual([['10:00', 'reply', '10:25'], ['10:31']])
  })

  test('to a message with sessions behind it takes these in', () => {
    const person = conversation('10:00', '10:06')
    person.reply({ at: at('10:00'), sid: '10:00' }, at('10:07'), 'reply')
    expect(person.groups).toEqual([['10:00', '10:06', 'reply']])
  })
})
