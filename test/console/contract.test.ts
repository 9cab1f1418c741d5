import { contractTests } from './contract.ts'
import { connectIpc } from './ipc-line.ts'
import { MemoryTransport } from './memory-transport.ts'
import { connectWebSocket } from './websocket-line.ts'

contractTests('memory', async (console) => ({
  open: async () => {
    const transport = new MemoryTransport(console)
    return {
      transport,
      raw: (envelope) => transport.raw(envelope),
      leave: async () => transport.leave(),
    }
  },
  close: async () => undefined,
}))

contractTests('the WebSocket', connectWebSocket)

contractTests('IPC', connectIpc)
