import { describe, expect, test } from 'vitest'
import { clock, Desk, minutes } from './model.ts'

const A = '+1234567890'
const B = '+1987654321'

describe('the scenarios of the brief', () => {
  test('1: within five minutes of the last message everything is one session', () => {
    const person = new Desk().key(A)
    expect(person.arrive(clock('10:00:00'), 'Hello')).toMatchObject({
      outcome: 'created',
      silence: undefined,
    })
    expect(person.arrive(clock('10:02:00'), 'What are your hours?')).toMatchObject({
      outcome: 'extended',
      silence: 120_000,
    })
    expect(person.arrive(clock('10:04:30'), 'Thank you')).toMatchObject({
      outcome: 'extended',
      silence: 150_000,
    })
    expect(person.groups).toEqual([['Hello', 'What are your hours?', 'Thank you']])
  })

  test('2: after ten minutes a new session begins and says why', () => {
    const person = new Desk().key(A)
    person.arrive(clock('10:00:00'), 'Hello')
    expect(person.arrive(clock('10:10:00'), 'Hi again')).toMatchObject({
      outcome: 'created',
      silence: 600_000,
    })
    expect(person.groups).toEqual([['Hello'], ['Hi again']])
    expect(person.sessions.map((s) => s.reason)).toEqual([
      { kind: 'first' },
      { kind: 'silence', silence_ms: 600_000, gap_ms: 300_000 },
    ])
  })

  test('3: two people at once have a session each', () => {
    const desk = new Desk()
    desk.key(A).arrive(clock('10:00:00'), 'Hello')
    desk.key(B).arrive(clock('10:01:00'), 'Hi there')
    desk.key(A).arrive(clock('10:02:00'), 'Are you there?')
    desk.key(B).arrive(clock('10:03:00'), 'Can you help?')
    expect(desk.key(A).groups).toEqual([['Hello', 'Are you there?']])
    expect(desk.key(B).groups).toEqual([['Hi there', 'Can you help?']])
  })

  test('4, support: five minutes of back and forth, and another question the next day', () => {
    const person = new Desk().key(A)
    for (const n of [0, 1, 2, 3, 4, 5]) person.arrive(clock('10:00:00') + minutes(n), `order ${n}`)
    person.arrive(clock('10:00:00', 16), 'Another question')
    expect(person.groups.map((g) => g.length)).toEqual([6, 1])
  })

  test('4, sales: twenty minutes of conversation, and a text half an hour later', () => {
    const person = new Desk().key(A)
    for (let n = 0; n <= 20; n += 4) person.arrive(clock('10:00:00') + minutes(n), `offer ${n}`)
    person.arrive(clock('10:50:00'), 'Still there?')
    expect(person.groups.map((g) => g.length)).toEqual([6, 1])
  })

  test('4, several customers: the message at 10:10 joins the session of 10:00 through the answer in between', () => {
    const person = new Desk().key(A)
    const question = person.arrive(clock('10:00:00'), 'question')
    person.reply({ at: clock('10:00:00'), sid: 'question' }, clock('10:06:00'), 'answer')
    person.arrive(clock('10:10:00'), 'thanks')
    expect(question?.outcome).toBe('created')
    expect(person.groups).toEqual([['question', 'answer', 'thanks']])
  })
})

describe('the boundary', () => {
  test('a silence equal to the gap goes on; one millisecond more breaks', () => {
    const equal = new Desk().key(A)
    equal.arrive(clock('10:00:00'), 'a')
    equal.arrive(clock('10:05:00'), 'b')
    expect(equal.groups).toEqual([['a', 'b']])

    const over = new Desk().key(A)
    over.arrive(clock('10:00:00'), 'a')
    over.arrive(clock('10:05:00.001'), 'b')
    expect(over.groups).toEqual([['a'], ['b']])
    expect(over.session(1).reason).toEqual({ kind: 'silence', silence_ms: 300_001, gap_ms: 300_000 })
  })

  test('another number, another medium and another channel never share a session', () => {
    const desk = new Desk()
    const keys = [
      desk.key(A),
      desk.key(B),
      desk.key(A, 'whatsapp'),
      desk.key(A, 'voice'),
      desk.key(A, 'sms', '+2'),
    ]
    for (const [i, key] of keys.entries()) key.arrive(clock('10:00:00') + i, `SM${i}`)
    expect(keys.map((k) => k.groups)).toEqual([[['SM0']], [['SM1']], [['SM2']], [['SM3']], [['SM4']]])
  })

  test('messages of one instant are in order of their SID, and one session', () => {
    const person = new Desk().key(A)
    for (const sid of ['c', 'a', 'b']) person.arrive(clock('10:00:00'), sid)
    expect(person.groups).toEqual([['a', 'b', 'c']])
  })

  test('a message offered again changes nothing', () => {
    const person = new Desk().key(A)
    person.arrive(clock('10:00:00'), 'a')
    expect(person.arrive(clock('11:00:00'), 'a')).toBeUndefined()
    expect(person.groups).toEqual([['a']])
  })
})

describe('a late message', () => {
  function twoSessions() {
    const person = new Desk().key(A)
    person.arrive(clock('10:00:00'), 'a')
    person.arrive(clock('10:10:00'), 'z')
    return { person, ids: person.sessions.map((s) => s.id) }
  }

  test('bridges two sessions: the earlier id stays, the emptied one leads to it', () => {
    const { person, ids } = twoSessions()
    expect(person.arrive(clock('10:05:00'), 'm')).toMatchObject({
      outcome: 'merged',
      home: { absorbed: [ids[1]] },
    })
    expect(person.groups).toEqual([['a', 'm', 'z']])
    expect(person.session(0).id).toBe(ids[0])
    expect(ids.map((id) => person.resolve(id).id)).toEqual([ids[0], ids[0]])
  })

  test('extends the later session backwards, which keeps its id and tells its new silence', () => {
    const { person, ids } = twoSessions()
    expect(person.arrive(clock('10:07:00'), 'm')).toMatchObject({ outcome: 'extended', home: { id: ids[1] } })
    expect(person.groups).toEqual([['a'], ['m', 'z']])
    expect(person.session(1).reason).toEqual({ kind: 'silence', silence_ms: 420_000, gap_ms: 300_000 })
  })

  test('before all others it is the first contact, and what follows says so no more', () => {
    const { person } = twoSessions()
    expect(person.arrive(clock('09:00:00'), 'early')?.outcome).toBe('created')
    expect(person.sessions.map((s) => s.reason.kind)).toEqual(['first', 'silence', 'silence'])
  })

  test('inside a session it changes nothing but the session’s content', () => {
    const person = new Desk().key(A)
    person.arrive(clock('10:00:00'), 'a')
    person.arrive(clock('10:04:00'), 'z')
    expect(person.arrive(clock('10:02:00'), 'm')).toMatchObject({
      outcome: 'extended',
      beside: [],
      silence: undefined,
    })
    expect(person.groups).toEqual([['a', 'm', 'z']])
  })
})
