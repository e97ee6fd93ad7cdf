/**
 * Program: a process with a child, a grandchild in its own session, and an orphan that only its
 * environment identifies. Prints `PIDS` with all four pids when they run.
 */
import { spawn, spawnSync } from 'node:child_process'

const sleep = 'while :; do sleep 1; done'
const child = spawn('sh', ['-c', sleep], { stdio: 'ignore' })
const loner = spawn('sh', ['-c', sleep], { stdio: 'ignore', detached: true })
const leaveOrphan = `setsid sh -c '${sleep}' >/dev/null 2>&1 & echo $!`
const { stdout } = spawnSync('sh', ['-c', leaveOrphan], { stdio: ['ignore', 'pipe', 'ignore'] })
process.stdout.write(`PIDS ${process.pid} ${child.pid} ${loner.pid} ${stdout.toString().trim()}\n`)
setInterval(() => undefined, 1_000)
