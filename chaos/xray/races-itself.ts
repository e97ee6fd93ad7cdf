import type { Placed } from './place-watched.ts'

/**
 * What depends on microseconds: whoever died was doing something else for the same order while the message was held, and it
 * may have finished that or not. All of it is told when the order came out as if nothing had happened: a worker that dies
 * before it has noted that it gave the order to the queue has taken it from there already, and may have been done with it.
 * When it had to be done again, only the queue's own part is: as soon as it has the order it hands it on, and who hears of
 * it first after the death, who gives it once more or who has taken it, decides whether it is done twice.
 */
export function racesItself(
  { key, sprung, exchanges, instances }: Pick<Placed, 'key' | 'sprung' | 'exchanges' | 'instances'>,
  told: 'all' | 'queue',
): boolean {
  if (sprung === undefined) return false
  const counts = (link: string): boolean => told === 'all' || link.endsWith(':redis')
  if (!counts(sprung.event.link ?? '')) return false
  return instances
    .filter(({ event }) => event.state === 'exited')
    .some((death) =>
      exchanges.some(
        ({ event, atMs }) =>
          event.transaction === key &&
          counts(event.link) &&
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
