import { once } from 'node:events'
import { connect } from 'node:net'

/** `idle.ts PORT COUNT`: opens COUNT connections, sends one byte on each, waits for its echo, and keeps them open. */
const [port, count] = process.argv.slice(2)
for (let i = 0; i < Number(count); i++) {
  const socket = connect({ host: '127.0.0.1', port: Number(port) })
  socket.on('error', (error) => {
    throw error
  })
  socket.write('x')
  await once(socket, 'data')
}
console.log('open')
process.stdin.resume()
