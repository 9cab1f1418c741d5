import type { ReactNode } from 'react'
import { Button } from '../../parts/Button.tsx'
import { useApp } from '../../state/app.ts'
import { go } from '../../state/route.ts'

/** To the sessions page, and to the simulation's sessions there. */
export function SeeSessions({ look, children }: { look?: 'bare'; children: ReactNode }) {
  const { world } = useApp()
  const see = () => {
    world.set('simulation')
    go({ page: 'sessions' })
  }
  return (
    <Button {...(look ? { look } : {})} icon="sessions" onClick={see}>
      {children}
    </Button>
  )
}
