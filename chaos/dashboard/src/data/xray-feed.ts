import type { XrayEvent } from '../../../contracts/events.ts'

type Listener = (event: XrayEvent) => void

const listeners = new Set<Listener>()

/** Calls the listener for every event of any X-ray; returns the function that ends it. */
export function onXray(listener: Listener): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export function tellXray(event: XrayEvent): void {
  for (const listener of listeners) listener(event)
}
