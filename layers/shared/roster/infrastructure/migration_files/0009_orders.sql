-- Orders and what is in them.
--
-- Both tables are in third normal form (BCNF, in fact): the total follows from the items and is computed whenever it is
-- shown. Amounts are whole minor units of the currency; none is larger than the largest number that every reader of JSON
-- takes (2^53 - 1). A user's orders stay when the user is erased, and so does the users' row that they refer to.

CREATE TABLE orders (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    user_id    bigint         NOT NULL,
    currency   text           NOT NULL,
    status     text           NOT NULL DEFAULT 'pending',
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    version    bigint         NOT NULL DEFAULT 1,

    -- Finds an order by id.
    CONSTRAINT orders_pkey PRIMARY KEY (id),
    CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id),

    CONSTRAINT orders_currency_spelled CHECK (currency COLLATE "C" ~ '^[A-Z]{3}$'),
    CONSTRAINT orders_status_known CHECK (status IN ('pending', 'paid', 'shipped', 'cancelled')),
    CONSTRAINT orders_version_positive CHECK (version > 0)
);

-- The keyset of a user's orders, newest first; id breaks ties. Also serves the foreign key.
CREATE INDEX orders_of_user ON orders (user_id, created_at DESC, id DESC);
-- The same for those in one status.
CREATE INDEX orders_of_user_by_status ON orders (user_id, status, created_at DESC, id DESC);

CREATE TABLE order_items (
    order_id   bigint  NOT NULL,
    position   integer NOT NULL,
    sku        text    NOT NULL,
    quantity   integer NOT NULL,
    unit_price bigint  NOT NULL,

    -- The items of an order as they were given; holds what totals are made of. Also serves the foreign key.
    CONSTRAINT order_items_pkey PRIMARY KEY (order_id, position) INCLUDE (quantity, unit_price),
    CONSTRAINT order_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders (id),

    CONSTRAINT order_items_position_positive CHECK (position > 0),
    CONSTRAINT order_items_sku_length CHECK (char_length(sku) BETWEEN 1 AND 64),
    CONSTRAINT order_items_quantity_bounded CHECK (quantity BETWEEN 1 AND 1000000),
    CONSTRAINT order_items_unit_price_not_negative CHECK (unit_price >= 0),
    CONSTRAINT order_items_amount_bounded CHECK (quantity::numeric * unit_price <= 9007199254740991)
);
