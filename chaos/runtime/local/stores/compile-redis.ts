/**
 * Program: `node compile-redis.ts BUILD_FOLDER TARGET`. Compiles Redis and writes the server to
 * TARGET. It is a separate process, so the keeper can kill make and the compiler with it.
 */
import { chmod, copyFile, rename } from 'node:fs/promises'
import { createRequire } from 'node:module'

const [buildFolder = '', target = ''] = process.argv.slice(2)
const require = createRequire(import.meta.url)
const { default: RedisBinary } = require('redis-memory-server/lib/util/RedisBinary.js') as {
  default: { getPath(options: { downloadDir: string; version: string }): Promise<string> }
}
const program = await RedisBinary.getPath({ downloadDir: buildFolder, version: '7.2.7' })
await copyFile(program, `${target}.${process.pid}`)
await chmod(`${target}.${process.pid}`, 0o755)
await rename(`${target}.${process.pid}`, target)
