import type { FastifyReply } from 'fastify'

import { plainPagePolicy, setPolicy } from '#chaos/api/http/security-headers.ts'

/** `title` and `body` are HTML. */
export function plainPage(title: string, body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}<title>${title}</title><style>body{font:18px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:46rem;padding:0 1rem;color-scheme:light dark}pre{overflow:auto;padding:1rem;border:1px solid}label{display:block;margin:1rem 0}input,button{font:inherit;padding:.3rem .6rem}</style></head><body><h1>${title}</h1>${body}</body></html>`
}

export async function sendPlain(reply: FastifyReply, html: string): Promise<FastifyReply> {
  return await setPolicy(reply, plainPagePolicy).type('text/html').send(html)
}

/** A page with a form for this host. The browser then sends the page's Origin with it, not `null`. */
export async function sendForm(reply: FastifyReply, html: string): Promise<FastifyReply> {
  const policy = plainPagePolicy.replace("form-action 'none'", "form-action 'self'")
  return await setPolicy(reply, policy)
    .header('referrer-policy', 'same-origin')
    .type('text/html')
    .send(html)
}

/** A page that loads itself again, with the script at `/seats/wait.js`. */
export async function sendWaiting(reply: FastifyReply, html: string): Promise<FastifyReply> {
  return await setPolicy(reply, `${plainPagePolicy}; script-src 'self'`)
    .type('text/html')
    .send(html)
}
