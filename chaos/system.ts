/** The system of every sandbox. No other file of chaos/ outside of shop/ imports the shop. */
export { shop as system } from '#chaos/shop/shop.ts'
