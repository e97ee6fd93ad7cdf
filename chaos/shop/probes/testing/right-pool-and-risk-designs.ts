/** Right fixes of half-open and stalled-worker. No probe may call one of them violated. */
export const rightPoolAndRiskDesigns: readonly (readonly [
  seam: string,
  design: string,
  code: string,
])[] = [
  [
    'assess-risk',
    'slices of 50 ms',
    `import { setTimeout as sleep } from 'node:timers/promises'
     import { editDistance } from '#services/lib/edit-distance.ts'
     export const assessRisk = async ({ lines }) => {
       let alike = 0
       let began = performance.now()
       for (const [i, a] of lines.entries())
         for (const b of lines.slice(i + 1)) {
           if (editDistance(a, b) <= Math.max(a.length, b.length) / 5) alike += 1
           if (performance.now() - began > 50) { await sleep(1); began = performance.now() }
         }
       return alike / ((lines.length * (lines.length - 1)) / 2 + 100)
     }`,
  ],
  [
    'assess-risk',
    'a turn for every line, and for every thousand comparisons of it',
    `import { setImmediate as turn } from 'node:timers/promises'
     import { editDistance } from '#services/lib/edit-distance.ts'
     export const assessRisk = async ({ lines }) => {
       let alike = 0
       for (const [i, a] of lines.entries())
         for (let from = i + 1; from < lines.length; from += 1_000) {
           alike += lines.slice(from, from + 1_000).filter((b) => editDistance(a, b) <= Math.max(a.length, b.length) / 5).length
           await turn()
         }
       return alike / ((lines.length * (lines.length - 1)) / 2 + 100)
     }`,
  ],
  [
    'assess-risk',
    'two lasting threads for large orders, slices of 100 ms for small ones',
    `import { Worker } from 'node:worker_threads'
     import { editDistance } from '#services/lib/edit-distance.ts'
     const program = "const { parentPort } = require('node:worker_threads')\\n" + editDistance.toString() +
       "\\nparentPort.on('message', ([id, lines]) => { let n = 0; for (let i = 0; i < lines.length; i++) for (let j = i + 1; j < lines.length; j++) if (editDistance(lines[i], lines[j]) <= Math.max(lines[i].length, lines[j].length) / 5) n++; parentPort.postMessage([id, n]) })"
     const waiting = new Map()
     let threads
     let last = 0
     const start = () => {
       const thread = new Worker(program, { eval: true })
       thread.on('message', ([id, n]) => { waiting.get(id)(n); waiting.delete(id) })
       thread.unref()
       return thread
     }
     const inThread = (lines) => new Promise((resolve) => {
       threads ??= [start(), start()]
       last += 1
       waiting.set(last, resolve)
       threads[last % 2].postMessage([last, lines])
     })
     const here = async (lines) => {
       let n = 0
       let end = Date.now() + 100
       for (let i = 0; i < lines.length; i++)
         for (let j = i + 1; j < lines.length; j++) {
           if (editDistance(lines[i], lines[j]) <= Math.max(lines[i].length, lines[j].length) / 5) n += 1
           if (Date.now() >= end) { await new Promise((resolve) => setTimeout(resolve, 0)); end = Date.now() + 100 }
         }
       return n
     }
     export const assessRisk = async ({ lines }) =>
       (await (lines.length > 500 ? inThread(lines) : here(lines))) / ((lines.length * (lines.length - 1)) / 2 + 100)`,
  ],
  [
    'assess-risk',
    'equal texts once, texts of very different length not at all, and a turn for every thousand steps',
    `import { scheduler } from 'node:timers/promises'
     import { editDistance } from '#services/lib/edit-distance.ts'
     export const assessRisk = async ({ lines }) => {
       const groups = new Map()
       for (const line of lines) groups.set(line, (groups.get(line) ?? 0) + 1)
       const texts = [...groups].sort(([a], [b]) => a.length - b.length)
       let alike = 0
       let steps = 0
       for (const [i, [a, n]] of texts.entries()) {
         alike += (n * (n - 1)) / 2
         for (let k = i + 1; k < texts.length; k++) {
           const [b, m] = texts[k]
           if (b.length - a.length > b.length / 5) break
           if (editDistance(a, b) <= b.length / 5) alike += n * m
           if ((steps += 1) % 1_000 === 0) await scheduler.yield()
         }
       }
       return alike / ((lines.length * (lines.length - 1)) / 2 + 100)
     }`,
  ],
  [
    'database-pool',
    'a test of each connection before it is given out, and a limit for each query',
    `import { Pool } from 'pg'
     export const databasePool = (config, log) => {
       const pool = new Pool({ connectionString: config.url, max: config.connectionsMax, connectionTimeoutMillis: 2_000, idle_in_transaction_session_timeout: 5_000 })
       pool.on('error', () => {})
       pool.on('connect', (client) => {
         client.on('error', () => {})
         const query = client.query.bind(client)
         client.query = async (...args) => {
           let timer
           const late = new Promise((_, reject) => { timer = setTimeout(() => { client.connection.stream.destroy(); reject(new Error('late')) }, config.queryTimeoutMs) })
           try { return await Promise.race([query(...args), late]) } finally { clearTimeout(timer) }
         }
       })
       const connect = pool.connect.bind(pool)
       pool.connect = async () => {
         for (;;) {
           const client = await connect()
           try {
             const { rows } = await client.query('SELECT 1 AS one')
             if (rows[0].one === 1) return client
           } catch { client.release(true) }
         }
       }
       pool.query = async (...args) => {
         const client = await pool.connect()
         try { const result = await client.query(...args); client.release(); return result } catch (error) { client.release(true); throw error }
       }
       return pool
     }`,
  ],
  [
    'database-pool',
    'a limit at the socket, from the first byte of a request to the end of the reply',
    `import { Socket } from 'node:net'
     import { Pool } from 'pg'
     const watched = (limitMs) => {
       const socket = new Socket()
       let timer
       const stop = () => { clearTimeout(timer); timer = undefined }
       socket.once('connect', () => {
         const write = socket.write.bind(socket)
         socket.write = (...args) => {
           timer ??= setTimeout(() => socket.destroy(new Error('no reply')), limitMs)
           return write(...args)
         }
       })
       socket.on('data', (bytes) => { if (bytes.at(-6) === 0x5a && bytes.readUInt32BE(bytes.length - 5) === 5) stop() })
       return socket.once('close', stop)
     }
     export const databasePool = (config) => {
       const pool = new Pool({
         connectionString: config.url, max: config.connectionsMax, connectionTimeoutMillis: config.acquireTimeoutMs,
         options: '-c idle_in_transaction_session_timeout=2s -c statement_timeout=' + config.statementTimeoutMs,
         stream: () => watched(config.queryTimeoutMs),
       })
       pool.on('error', () => {})
       pool.on('connect', (client) => client.on('error', () => {}))
       return pool
     }`,
  ],
  [
    'database-pool',
    'clients of its own, and limits of the server as statements',
    `import { Client, Pool } from 'pg'
     export const databasePool = (config) => {
       class Limited extends Client {
         constructor(options) {
           super(options)
           this.on('error', () => {})
         }
         query(...args) {
           const timer = setTimeout(() => this.connection.stream.destroy(), config.queryTimeoutMs)
           const stop = () => clearTimeout(timer)
           const done = args.at(-1)
           if (typeof done === 'function') args[args.length - 1] = (...ends) => { stop(); done(...ends) }
           const result = super.query(...args)
           if (typeof done !== 'function') result.then(stop, stop)
           return result
         }
       }
       const pool = new Pool({
         Client: Limited, connectionString: config.url, max: config.connectionsMax, connectionTimeoutMillis: config.acquireTimeoutMs,
         onConnect: async (client) => {
           await client.query("SET statement_timeout = " + config.statementTimeoutMs + "; SET idle_in_transaction_session_timeout TO '3s'")
         },
       })
       pool.on('error', () => {})
       return pool
     }`,
  ],
]
