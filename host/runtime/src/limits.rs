//! Every bound on a plugin, in one table. A tenant's tier may lower them.

use guichet_view::limits::VIEW_BYTES_MAX;

/// Bounds of one call at one point. By default nothing is allowed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Milliseconds of a processor, the thread's own time; looked at every [`TICK_MS`] of the clock.
    pub cpu_ms: u64,
    /// Milliseconds from the call to its end.
    pub wall_ms: u64,
    /// Milliseconds that the database may work on its questions about tickets.
    pub database_ms: u64,
    /// Bytes of all its memories.
    pub memory_bytes: usize,
    /// Bytes that a response may have.
    pub output_bytes: usize,
    /// Writes that it may ask for.
    pub effects: usize,
    /// Calls of the host that it may make.
    pub host_calls: u64,
    /// Bytes that may cross from guest to host in one call of the host, or as an answer, as the host holds them: texts and lists weigh more than what they say.
    pub host_bytes: usize,
    /// Calls of servers outside; 0 where such calls are not for this point.
    pub http_calls: u32,
    /// Connections to servers outside that it may hold at a time; 0 where they are not for this point.
    pub connections: u32,
}

impl Limits {
    /// The same with what a plugin's manifest asks beyond what is usual, as far as anybody gets it. Who waits in a lane or for a guard waits no longer.
    #[must_use]
    pub fn asked(self, memory_mib: Option<u32>, cpu_ms: Option<u32>) -> Self {
        let is_waited_for = self.cpu_ms < REQUEST.cpu_ms;
        Self {
            memory_bytes: memory_mib.map_or(self.memory_bytes, |mib| {
                (mib as usize).saturating_mul(1 << 20).min(MEMORY_BYTES_MAX)
            }),
            cpu_ms: cpu_ms
                .filter(|_| !is_waited_for)
                .map_or(self.cpu_ms, |ms| u64::from(ms).min(CPU_MS_MAX)),
            ..self
        }
    }
}

/// Bytes of memory that any call may have.
pub const MEMORY_BYTES_MAX: usize = 128 << 20;

/// Milliseconds of a processor that any call may have.
pub const CPU_MS_MAX: u64 = 5_000;

/// Event handlers.
pub const EVENT: Limits = Limits {
    cpu_ms: 100,
    wall_ms: 2_000,
    database_ms: 50,
    memory_bytes: 32 << 20,
    output_bytes: 64 << 10,
    effects: 50,
    host_calls: 500,
    host_bytes: HOSTCALL_BYTES_MAX,
    http_calls: 0,
    connections: 0,
};

/// Guards: a person waits for each of them.
pub const GUARD: Limits = Limits {
    cpu_ms: 50,
    wall_ms: 250,
    database_ms: 50,
    memory_bytes: 32 << 20,
    output_bytes: 64 << 10,
    effects: 0,
    host_calls: 200,
    host_bytes: HOSTCALL_BYTES_MAX,
    http_calls: 0,
    connections: 0,
};

/// Reports.
pub const REPORT: Limits = Limits {
    cpu_ms: 1_000,
    wall_ms: 10_000,
    database_ms: 2_000,
    memory_bytes: 128 << 20,
    output_bytes: 4 << 20,
    effects: 0,
    host_calls: 2_000,
    host_bytes: 8 << 20,
    http_calls: 0,
    connections: 0,
};

/// Views that are rendered: somebody looks at the place where they will be.
pub const RENDER: Limits = Limits {
    cpu_ms: 100,
    wall_ms: 1_000,
    database_ms: 200,
    memory_bytes: 32 << 20,
    output_bytes: VIEW_BYTES_MAX,
    effects: 0,
    host_calls: 500,
    host_bytes: HOSTCALL_BYTES_MAX,
    http_calls: 2,
    connections: 0,
};

/// Actions of views.
pub const ACT: Limits = Limits {
    effects: 20,
    ..RENDER
};

/// Request handlers.
pub const REQUEST: Limits = Limits {
    cpu_ms: 250,
    wall_ms: 10_000,
    database_ms: 500,
    memory_bytes: 64 << 20,
    output_bytes: 1 << 20,
    effects: 50,
    host_calls: 1_000,
    host_bytes: HOSTCALL_BYTES_MAX,
    http_calls: 5,
    connections: 0,
};

/// Job handlers, and channels.
pub const JOB: Limits = Limits {
    cpu_ms: 1_000,
    wall_ms: 60_000,
    database_ms: 2_000,
    memory_bytes: 64 << 20,
    output_bytes: 1 << 20,
    effects: 200,
    host_calls: 2_000,
    host_bytes: HOSTCALL_BYTES_MAX,
    http_calls: 20,
    connections: 4,
};

/// Rows of a query over tickets, and groups of an aggregate.
pub const QUERY_ROWS_MAX: u32 = 1_000;

/// Bytes of a body that crosses by value; a longer one is a file.
pub const BODY_INLINE_BYTES_MAX: usize = 1 << 20;

/// Bytes of the body of a request to the outside; the way out takes no more.
pub const FETCH_BODY_BYTES_MAX: usize = 1 << 20;

/// Bytes that one look at a connection answers; the way out gives no more.
pub const NET_READ_BYTES_MAX: usize = 1 << 20;

/// Looks at connections in one call: two hundred mebibytes in small packets.
pub const NET_READS_MAX: u64 = 200_000;

/// Rows that one call of the host answers.
pub const PAGE_MAX: u32 = 200;

/// Milliseconds between two looks at the processor time that a running call has used.
pub const TICK_MS: u64 = 5;

/// Bytes of one line of a plugin's log; what is longer is cut.
pub const LOG_LINE_BYTES_MAX: usize = 4 << 10;

/// Bytes of one call's log; what comes after is dropped.
pub const LOG_BYTES_MAX: usize = 16 << 10;

/// Bytes of a file that one call may hand over, and of a part that it may read.
pub const FILE_PART_BYTES_MAX: usize = 1 << 20;

/// Bytes of all files that one call may cut from others: as much as a request's body may have.
pub const FILE_CUT_BYTES_MAX: u64 = 25 << 20;

/// Levels of a JSON text that comes from a plugin: it is kept within others, and must be read back.
pub const JSON_DEPTH_MAX: usize = guichet_package::limits::VALUE_DEPTH_MAX;

/// Random bytes of one call.
pub const RANDOM_BYTES_MAX: u32 = 64 << 10;

/// Handles that a guest may hold.
pub const HANDLES_MAX: usize = 1_024;

/// Bytes that may cross from guest to host in one call of the host.
pub const HOSTCALL_BYTES_MAX: usize = 4 << 20;

/// Entries of one table of a guest.
pub const TABLE_ENTRIES_MAX: usize = 20_000;

/// Instances at once, in a server.
pub const INSTANCES_MAX: u32 = 512;

/// Instances at once, where many runtimes share a process.
pub const INSTANCES_MAX_SMALL: u32 = 16;

/// Milliseconds that a call waits for a place among all that run.
pub const PLACE_WAIT_MS: u64 = 10_000;

/// Seconds that compiling a component may take, of the processor and of the clock.
pub const COMPILE_SECONDS_MAX: u64 = 120;

/// Bytes of address space that compiling a component may take.
pub const COMPILE_BYTES_MAX: u64 = 4 << 30;
