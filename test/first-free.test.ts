import { expect, test } from 'vitest'
import { openOnFirstFree } from '../src/server/first-free.ts'

const refused = (code: string) => Object.assign(new Error(`listen ${code}`), { code })

/** Opens what is not refused. */
const ports = (refusals: Readonly<Record<number, string>>) => (port: number) => {
  const code = refusals[port]
  return code === undefined ? Promise.resolve(port) : Promise.reject(refused(code))
}

test('a port that Windows keeps for itself gives the next one, as one that is taken does', async () => {
  expect(await openOnFirstFree(ports({ 4400: 'EACCES', 4401: 'EADDRINUSE' }), [4400, 4401, 4402])).toBe(4402)
})

test('the one port that was asked for and may not be had is said to be what it is', async () => {
  await expect(openOnFirstFree(ports({ 80: 'EACCES' }), [80])).rejects.toMatchObject({ code: 'EACCES' })
  await expect(openOnFirstFree(ports({ 80: 'EADDRINUSE' }), [80])).rejects.toMatchObject({
    code: 'port_taken',
  })
})

test('what is wrong with no port is not tried on others', async () => {
  const failing = ports({ 4400: 'EMFILE' })
  await expect(openOnFirstFree(failing, [4400, 4401])).rejects.toMatchObject({ code: 'EMFILE' })
})
