/** The way in from outside: who opens it, and who sees to it that it leads here. */
export { createChallenge, type Challenge } from './challenge.ts'
export { probe } from './probe.ts'
export { localtunnel, ownAddress } from './providers.ts'
export { createSelfTest, type SelfTest, type TestedNumber } from './self-test.ts'
export { createTunnelSupervisor, type SupervisorOptions } from './supervisor.ts'
export type { OpenTunnel, Proof, Provider, TunnelSupervisor } from './tunnel.ts'
