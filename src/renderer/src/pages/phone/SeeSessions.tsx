import type { ReactNode } from 'react'
import { Button } from '../../parts/Button.tsx'
import { useApp } from '../../state/app.ts'
import { toList } from '../../state/visit.ts'

/** To the sessions page, and to the simulation's sessions there. */
export function SeeSessions({ look, children }: { look?: 'bare'; children: ReactNode }) {
  const { simulation } = useApp().consoles
  return (
    <Button {...(look ? { look } : {})} icon="sessions" onClick={() => toList(simulation)}>
      {children}
    </Button>
  )
}
