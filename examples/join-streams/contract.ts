export interface Order {
  readonly id: string
  readonly item: string
}

export interface Payment {
  readonly orderId: string
  readonly cents: number
}

export interface OrdersContract {
  readonly events: { readonly order: Order }
}

export interface PaymentsContract {
  readonly events: { readonly payment: Payment }
}

/** The channel `shipping:all`: what is paid goes out, what is not is asked about. */
export interface ShippingContract {
  readonly pushes: {
    readonly ship: { readonly payload: Order & { readonly cents: number }; readonly reply: object }
    readonly remind: { readonly payload: Order; readonly reply: object }
    readonly refund: { readonly payload: Payment; readonly reply: object }
  }
}
