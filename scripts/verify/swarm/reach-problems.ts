import { containerOf } from './deploy-class.ts'
import type { RunningTask } from './deploy-class.ts'
import type { Machines } from './start-machines.ts'

/** Runs in a seat: prints for each URL the status of its answer, or 0 if there was none within ten seconds. */
const program = `Promise.all(process.argv.slice(1).map((url) =>
  fetch(url, { signal: AbortSignal.timeout(10000) }).then(({ status }) => status, () => 0),
)).then((found) => console.log(JSON.stringify(found)))`

/** What a seat must not reach, and reaches; and what it must, and does not. */
export async function reachProblems(
  machines: Machines,
  seat: RunningTask,
  other: RunningTask,
): Promise<readonly string[]> {
  const container = await containerOf(machines, seat)
  const networks = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'
  const inspect = ['inspect', '--format', networks, await containerOf(machines, other)]
  const address = await machines.docker(other.machine, ...inspect)
  const expected: readonly (readonly [string, string, number])[] = [
    ['itself', 'http://127.0.0.1:20000/api/alive', 200],
    ['the workshop', 'http://workshop:19900/api/alive', 200],
    ['the proxy', `http://proxy:8080/${other.name.replace('-', 's/')}/api/alive`, 403],
    ['the name of another seat', `http://${other.name}:20000/api/alive`, 0],
    ['the address of another seat', `http://${address}:20000/api/alive`, 0],
    ['its machine', `http://192.0.2.1${seat.machine}:80/`, 0],
    ['another machine', `http://192.0.2.1${other.machine}:80/`, 0],
  ]
  const urls = expected.map(([, url]) => url)
  const found = JSON.parse(
    await machines.docker(seat.machine, 'exec', container, 'node', '-e', program, ...urls),
  ) as readonly number[]
  return expected.flatMap(([what, , status], i) =>
    found[i] === status ? [] : [`${seat.name} reaches ${what} with ${found[i]}, not ${status}`],
  )
}
