import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { loopbackLookup } from '../../loopback-lookup.ts'

export interface FetchedMedia {
  contentType: string
  bytes: Buffer
}

/** Twilio's own limit for what is attached, bytes. */
const LARGEST = 5_000_000
const TIMEOUT_MS = 15_000

/** Fetches a MediaUrl as Twilio does before it sends. Rejects when it can't be had; Twilio then notes 11200 or 63019. */
export function fetchMedia(url: string): Promise<FetchedMedia> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const asking = request(
      url,
      {
        headers: { 'User-Agent': 'TwilioProxy/1.1', Accept: '*/*' },
        lookup: loopbackLookup,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
      (answer) => {
        const chunks: Buffer[] = []
        let size = 0
        answer.on('data', (chunk: Buffer) => {
          size += chunk.byteLength
          chunks.push(chunk)
          if (size > LARGEST) asking.destroy(new Error('too large'))
        })
        answer.on('error', reject)
        answer.on('end', () => {
          if (answer.statusCode === 200)
            resolve({ contentType: answer.headers['content-type'] ?? '', bytes: Buffer.concat(chunks) })
          else reject(new Error(`HTTP ${String(answer.statusCode)}`))
        })
      },
    )
    asking.on('error', reject)
    asking.end()
  })
}
