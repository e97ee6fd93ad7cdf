import { isAnyNamed, namesOfCallee } from './known-callees.ts'
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
  callee: Pick<Callee, 'service' | 'containers'>,
): boolean {
  const names = namesOfCallee(callee)
  return callers.some(({ environment }) =>
    environment.some(
      (entry) => always.test(entry) || (requiring.test(entry) && isAnyNamed(entry, names)),
    ),
  )
}
