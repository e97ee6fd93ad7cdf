/**
 * In a container: why learners on other machines do not reach the host, and how to start it so they do. Undefined: they do, or the
 * host runs in no container.
 */
export function unreachableNote(
  environment: Readonly<Record<string, string | undefined>>,
  url: string,
): string | undefined {
  if (!isInContainer(environment)) return undefined
  const published = environment['UNHAPPY_WORKSHOP_ADDRESS'] ?? '127.0.0.1'
  const { hostname } = new URL(url)
  if (!isLoopback(published) && !isLoopback(hostname)) return undefined
  const name = isLoopback(hostname) ? 'ADDRESS-OF-THIS-MACHINE' : hostname
  return [
    `Only this machine reaches the host: its port is published on ${published}, and its address is ${hostname}.`,
    'For learners on other machines, end it and start it with the address of this machine in the network:',
    `UNHAPPY_WORKSHOP_ADDRESS=0.0.0.0 UNHAPPY_WORKSHOP_NAME=${name} docker compose --profile workshop up workshop`,
  ].join('\n')
}

/** Compose says it: the container does not know its own port on the machine. */
export function isInContainer(environment: Readonly<Record<string, string | undefined>>): boolean {
  return environment['UNHAPPY_RUNTIME'] === 'docker'
}

function isLoopback(address: string): boolean {
  return /^(localhost|127\..*|\[?::1\]?)$/.test(address)
}
