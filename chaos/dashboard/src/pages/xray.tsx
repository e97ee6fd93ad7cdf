/** The failure-mode matrix of one business transaction. */
export function XrayPage(_props: { readonly id: string | undefined }) {
  return (
    <section class="panel stack">
      <h1>X-ray</h1>
      <p>
        Every message of one order, crossed with every way it can go wrong: cut, silent, late,
        caller dies, callee dies.
      </p>
      <p class="muted">
        It is made on the command line: <code>npx unhappy xray place-order</code>
      </p>
    </section>
  )
}
