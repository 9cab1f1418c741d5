import type { Form } from './form.ts'

/** What Twilio is told once what it sent is durable: TwiML, or nothing where it expects none (callbacks: 204). */
export type Answer = { twiml: string } | 'nothing'

/** One kind of webhook: takes a form whose signature and account have been checked; `query` is what the address carries. */
export type Take = (form: Form, query: URLSearchParams) => Promise<Answer>
