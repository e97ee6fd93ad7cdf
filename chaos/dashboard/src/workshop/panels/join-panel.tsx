import type { JoinAddress } from '../../../../contracts/workshop.ts'
import { QrCode } from '../qr-code.tsx'

/** How learners join. */
export function JoinPanel({ join: { urls, code } }: { readonly join: JoinAddress }) {
  const [url = '', ...others] = urls
  return (
    <section class="panel join-panel" aria-labelledby="join-title">
      <header>
        <h2 id="join-title">Join</h2>
      </header>
      <div class="beside-qr">
        <QrCode text={url} />
        <dl class="facts">
          <dt>address</dt>
          <dd>
            <b>{url}</b>
            {others.map((other) => (
              <span key={other} class="other muted">
                {other}
              </span>
            ))}
          </dd>
          <dt>code</dt>
          <dd>
            <b class="code">{code}</b>
          </dd>
        </dl>
      </div>
      <details>
        <summary>Command for learners</summary>
        <p class="command mono">
          npx unhappy workshop join {url} --code {code} --name NAME
        </p>
      </details>
    </section>
  )
}
