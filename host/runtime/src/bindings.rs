//! Types and calls of the contract, made from `wit/`. One set of types is shared by all worlds.

wasmtime::component::bindgen!({
    path: "../../wit",
    world: "imports",
    imports: {
        "guichet:platform/tickets-read.get": async | trappable,
        "guichet:platform/tickets-read.find": async | trappable,
        "guichet:platform/tickets-read.query": async | trappable,
        "guichet:platform/tickets-read.count": async | trappable,
        "guichet:platform/tickets-read.aggregate": async | trappable,
        "guichet:platform/tickets-read.[method]ticket.messages": async | trappable,
        "guichet:platform/tickets-read.[method]ticket.last-message": async | trappable,
        "guichet:platform/tickets-read.read-message": async | trappable,
        "guichet:platform/http.fetch": async | trappable,
        "guichet:platform/net.connect": async | trappable,
        "guichet:platform/net.[method]connection.read": async | trappable,
        "guichet:platform/net.[method]connection.write": async | trappable,
        "guichet:platform/net.[method]connection.start-tls": async | trappable,
        "guichet:platform/tickets-write.create": async | trappable,
        "guichet:platform/tickets-write.set": async | trappable,
        "guichet:platform/tickets-write.add-tags": async | trappable,
        "guichet:platform/tickets-write.remove-tags": async | trappable,
        "guichet:platform/tickets-write.transition": async | trappable,
        "guichet:platform/tickets-write.add-message": async | trappable,
        "guichet:platform/tickets-write.add-participant": async | trappable,
        "guichet:platform/tickets-write.remove-participant": async | trappable,
        "guichet:platform/tickets-write.link": async | trappable,
        "guichet:platform/tickets-write.unlink": async | trappable,
        "guichet:platform/tickets-write.merge": async | trappable,
        "guichet:platform/intake.quarantine": async | trappable,
        "guichet:platform/intake.set-delivery": async | trappable,
        "guichet:platform/customers-read.get": async | trappable,
        "guichet:platform/customers-read.find": async | trappable,
        "guichet:platform/customers-write.set": async | trappable,
        "guichet:platform/events-read.since": async | trappable,
        "guichet:platform/events-emit.emit": async | trappable,
        "guichet:platform/events-emit.direct": async | trappable,
        "guichet:platform/records.add": async | trappable,
        "guichet:platform/jobs.enqueue": async | trappable,
        "guichet:platform/jobs.cancel": async | trappable,
        "guichet:platform/secrets.reveal": async | trappable,
        "guichet:platform/intake.create": async | trappable,
        "guichet:platform/intake.add-message": async | trappable,
        "guichet:platform/customers-write.ensure": async | trappable,
        "guichet:platform/records.get": async | trappable,
        "guichet:platform/records.query": async | trappable,
        "guichet:platform/records-shared.get": async | trappable,
        "guichet:platform/records-shared.query": async | trappable,
        "guichet:platform/records.put": async | trappable,
        "guichet:platform/records.delete": async | trappable,
        "guichet:platform/files.put": async | trappable,
        "guichet:platform/files.append": async | trappable,
        "guichet:platform/files.delete": async | trappable,
        "guichet:platform/files.read": async | trappable,
        "guichet:platform/files.cut": async | trappable,
        default: trappable,
    },
    exports: { default: async },
    with: {
        "guichet:platform/tickets-read.ticket": crate::state::TicketHandle,
        "guichet:platform/net.connection": crate::state::ConnectionHandle,
        "guichet:platform/customers-read.customer": crate::state::CustomerHandle,
    },
});

/// The world of plugins that handle events.
pub(crate) mod event_point {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "event-point",
        exports: { default: async },
        with: { "guichet:platform/types": super::guichet::platform::types },
    });
}

/// The world of plugins that do jobs.
pub(crate) mod job_point {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "job-point",
        exports: { default: async },
        with: { "guichet:platform/types": super::guichet::platform::types },
    });
}

/// The world of plugins that serve routes.
pub(crate) mod request_point {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "request-point",
        exports: { default: async },
        with: { "guichet:platform/types": super::guichet::platform::types },
    });
}

/// The world of plugins that look at changes before they commit.
pub(crate) mod guard_point {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "guard-point",
        exports: { default: async },
        with: { "guichet:platform/types": super::guichet::platform::types },
    });
}

/// The world of plugins that carry messages out.
pub(crate) mod channel_point {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "channel-point",
        exports: { default: async },
        with: { "guichet:platform/types": super::guichet::platform::types },
    });
}

/// The world of plugins that show something.
pub(crate) mod view_point {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "view-point",
        exports: { default: async },
        with: { "guichet:platform/types": super::guichet::platform::types },
    });
}

/// The world of plugins that count.
pub(crate) mod report_point {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "report-point",
        exports: { default: async },
        with: { "guichet:platform/types": super::guichet::platform::types },
    });
}
