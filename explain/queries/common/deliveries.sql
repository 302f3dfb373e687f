select delivery_id from meta.deliveries
