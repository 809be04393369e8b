"""Money: what payment providers tell of purchases and refunds by signed webhooks. No browser is believed in this."""
