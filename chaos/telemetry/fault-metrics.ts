import { Counter, Gauge, Registry } from 'prom-client'

import type { SandboxEvent } from '#chaos/contracts/events.ts'

export interface FaultMetrics {
  readonly contentType: string
  read(event: SandboxEvent): void
  /** The metrics as Prometheus reads them. */
  text(): Promise<string>
}

/**
 * `unhappy_fault_active{fault,target}` is 1 while a fault lasts. One that ended between two reads is still 1 at the next read,
 * so that a crash of a moment is visible too.
 */
export function createFaultMetrics(): FaultMetrics {
  const registry = new Registry()
  const active = new Gauge({
    name: 'unhappy_fault_active',
    help: '1 while the fault is active on the target.',
    labelNames: ['fault', 'target'],
    registers: [registry],
  })
  const injected = new Counter({
    name: 'unhappy_faults_injected_total',
    help: 'Faults that were injected.',
    labelNames: ['fault'],
    registers: [registry],
  })
  const sprung = new Counter({
    name: 'unhappy_traps_sprung_total',
    help: 'Messages on which a trap sprang.',
    labelNames: ['exchange'],
    registers: [registry],
  })
  const faults = new Map<string, { fault: string; targets: readonly string[]; over: boolean }>()
  return {
    contentType: registry.contentType,
    read(event) {
      if (event.type === 'trap' && event.what === 'sprung')
        sprung.inc({ exchange: event.exchange ?? '' })
      if (event.type !== 'fault') return
      const { id, kind, targets } = event.fault
      if (event.what === 'injected') {
        faults.set(id, { fault: kind, targets, over: false })
        injected.inc({ fault: kind })
      }
      const known = faults.get(id)
      if (event.what === 'healed' && known !== undefined) known.over = true
    },
    async text() {
      active.reset()
      for (const { fault, targets } of faults.values())
        for (const target of targets) active.set({ fault, target }, 1)
      for (const [id, { over }] of faults) if (over) faults.delete(id)
      return await registry.metrics()
    },
  }
}
