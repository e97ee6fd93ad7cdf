import type { Placed } from './place-watched.ts'

/**
 * True when whoever died was doing something else for the same order while the message was held: a worker that gives an
 * order to the queue takes it from there before it has noted that it did. Whether that was finished before it died is a
 * matter of microseconds, and so is whether it has to be done again.
 */
export function racesItself({
  key,
  sprung,
  exchanges,
  instances,
}: Pick<Placed, 'key' | 'sprung' | 'exchanges' | 'instances'>): boolean {
  if (sprung === undefined) return false
  return instances
    .filter(({ event }) => event.state === 'exited')
    .some((death) =>
      exchanges.some(
        ({ event, atMs }) =>
          event.transaction === key &&
          atMs >= sprung.atMs &&
          atMs <= death.atMs &&
          event.link.split(':').includes(death.event.instance) &&
          !isHeld(event, sprung.event),
      ),
    )
}

function isHeld(
  event: Placed['exchanges'][number]['event'],
  held: NonNullable<Placed['sprung']>['event'],
): boolean {
  return (
    event.link === held.link &&
    event.connection === held.connection &&
    event.signature === held.exchange
  )
}
