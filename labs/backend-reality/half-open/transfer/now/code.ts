import WebSocket from 'ws'

const silenceMaxMs = 30_000

export function watchHub(
  url: string,
  onReading: (text: string) => void,
  warn: (error: Error) => void,
): void {
  const socket = new WebSocket(url)
  const giveUp = (): void => socket.terminate()
  let timer = setTimeout(giveUp, silenceMaxMs)
  const heard = (): void => {
    clearTimeout(timer)
    timer = setTimeout(giveUp, silenceMaxMs)
  }
  socket.on('ping', heard)
  socket.on('message', (data) => {
    heard()
    onReading(String(data))
  })
  socket.on('error', warn)
  socket.on('close', () => {
    clearTimeout(timer)
    setTimeout(() => watchHub(url, onReading, warn), 1_000 + Math.random() * 1_000)
  })
}
