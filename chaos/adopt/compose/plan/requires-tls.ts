import type { ObservedContainer } from './observed-container.ts'
import type { Callee } from './project-facts.ts'

const requiring =
  /\bsslmode=(require|verify-ca|verify-full)\b|[?&]ssl=(true|1|require|verify-full)\b/i
const always = /^PGSSLMODE=(require|verify-ca|verify-full)$/i

/**
 * Whether the environment of the caller says that it requires TLS from this callee. Then the link leaves it alone. A caller that says so
 * elsewhere, in its code or in a file, is recognised when it closes without TLS.
 */
export function requiresTls(
  callers: readonly Pick<ObservedContainer, 'environment'>[],
  { service, containers }: Pick<Callee, 'service' | 'containers'>,
): boolean {
  const names = new Set([
    service,
    ...containers.flatMap(({ networks }) => networks.flatMap((network) => network.names)),
  ])
  const isNamed = (entry: string): boolean =>
    entry.split(/[^\w.-]+/).some((word) => names.has(word))
  return callers.some(({ environment }) =>
    environment.some((entry) => always.test(entry) || (requiring.test(entry) && isNamed(entry))),
  )
}
