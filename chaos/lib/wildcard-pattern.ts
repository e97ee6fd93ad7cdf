/**
 * The pattern of a signature: `*` stands for any run of characters, upper and lower case are the same. `POST *`,
 * `bullmq *`, `commit`.
 */
export function wildcardPattern(signature: string): RegExp {
  const literal = signature.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literal.join('.*')}$`, 'is')
}
