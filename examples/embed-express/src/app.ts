import express, { Router, type ErrorRequestHandler, type Express, type Request } from 'express'
import * as z from 'zod'
import { checkout } from './checkout.ts'
import type { Cdp } from './clientele/clientele.ts'
import type { Database } from './host/database.ts'
import { ordersOf, PRODUCTS } from './host/orders.ts'
import { createSession, signedInUser } from './host/sessions.ts'
import { findUser, PaymentDeclined, type User } from './host/users.ts'

/** What the shop runs on. */
export interface Shop {
  readonly database: Database
  readonly cdp: Cdp
}

/** The shop with Clientele below `/cdp`. */
export function createApp(shop: Shop): Express {
  return express().use(express.json()).use('/cdp', shop.cdp.router()).use(shopRoutes(shop))
}

const credentials = z.object({ email: z.string(), password: z.string() })
const basket = z.object({ sku: z.string(), quantity: z.int().min(1).max(100) })

/** The routes the shop had before. They need a body parser in front. */
export function shopRoutes({ database, cdp }: Shop): Router {
  const { sql } = database
  const router = Router()

  router.post('/sign-in', async (req, res) => {
    const { email, password } = credentials.parse(req.body)
    const user = await findUser(sql, email, password)
    if (!user) throw new Refused(401, 'Unknown email or password')
    const token = await cdp.hostTransaction((connection) => createSession(database.on(connection), user))
    res.json({ token })
  })

  router.get('/orders', async (req, res) => {
    res.json(await ordersOf(sql, await userOf(req)))
  })

  router.post('/checkout', async (req, res) => {
    const user = await userOf(req)
    const { sku, quantity } = basket.parse(req.body)
    const product = PRODUCTS.find((one) => one.sku === sku)
    if (!product) throw new Refused(404, `The shop has no "${sku}"`)
    res.status(201).json(await checkout({ database, cdp }, user, { product, quantity }))
  })

  async function userOf(req: Request): Promise<User> {
    const user = await signedInUser(sql, req.headers.authorization)
    if (!user) throw new Refused(401, 'Sign in first')
    return user
  }

  return router.use(answerError)
}

class Refused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const answerError: ErrorRequestHandler = (error, _req, res, next) => {
  if (error instanceof Refused) res.status(error.status).json({ error: error.message })
  else if (error instanceof PaymentDeclined) res.status(402).json({ error: error.message })
  else if (error instanceof z.ZodError) res.status(400).json({ error: z.prettifyError(error) })
  else next(error)
}
