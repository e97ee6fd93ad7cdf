import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream'

// `relay-ports.ts FOLDER COUNT`: FOLDER/machine-N/http.sock leads to port 80 of machine N. See machines.sh.
const [folder = '', count = ''] = process.argv.slice(2)
for (let i = 1; i <= Number(count); i++)
  createServer((near) => {
    const far = connect(80, `192.0.2.1${i}`)
    const end = (): void => {
      near.destroy()
      far.destroy()
    }
    pipeline(near, far, end)
    pipeline(far, near, end)
  }).listen(join(folder, `machine-${i}`, 'http.sock'))
