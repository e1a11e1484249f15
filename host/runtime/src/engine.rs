//! wasmtime's settings, its pool of instances, and the ticks by which calls are cut off.

use crate::limits::{INSTANCES_MAX, INSTANCES_MAX_SMALL, TABLE_ENTRIES_MAX, TICK_MS};
use std::{num::NonZeroUsize, time::Duration};
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Strategy,
};

/// An engine whose epoch ticks by itself. The ticker is an OS thread of its own, so that no guest can keep it from ticking; it ends with the engine.
pub(crate) fn start(small: bool) -> wasmtime::Result<Engine> {
    // pagemap_scan makes fresh instances three to five times cheaper, where the kernel has it (Linux 6.7).
    let engine = Engine::new(&config(small, Enabled::Yes))
        .or_else(|_| Engine::new(&config(small, Enabled::No)))?;
    let weak = engine.weak();
    std::thread::Builder::new()
        .name("plugin-ticks".to_owned())
        .spawn(move || {
            while let Some(engine) = weak.upgrade() {
                engine.increment_epoch();
                drop(engine);
                std::thread::sleep(Duration::from_millis(TICK_MS));
            }
        })
        .map_err(|error| wasmtime::Error::msg(format!("no thread for the ticks: {error}")))?;
    Ok(engine)
}

/// An engine that only compiles: the same code, no pool.
pub(crate) fn compiler() -> wasmtime::Result<Engine> {
    Engine::new(&base())
}

fn config(small: bool, pagemap_scan: Enabled) -> Config {
    let mut config = base();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(
        small,
        pagemap_scan,
    )));
    config
}

fn base() -> Config {
    let mut config = Config::new();
    config
        .strategy(Strategy::Cranelift)
        .concurrency_support(false)
        .epoch_interruption(true)
        .max_wasm_stack(512 << 10)
        .async_stack_size(2 << 20)
        .memory_init_cow(true)
        .memory_guaranteed_dense_image_size(16 << 20)
        .wasm_backtrace_max_frames(NonZeroUsize::new(20))
        .native_unwind_info(false)
        .generate_address_map(true)
        .wasm_memory64(false)
        .wasm_relaxed_simd(false)
        .parallel_compilation(true);
    config
}

fn pool(small: bool, pagemap_scan: Enabled) -> PoolingAllocationConfig {
    let instances = if small {
        INSTANCES_MAX_SMALL
    } else {
        INSTANCES_MAX
    };
    // Without the scan, a large part kept resident is slower than none.
    let resident = if matches!(pagemap_scan, Enabled::Yes) {
        1 << 20
    } else {
        64 << 10
    };
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances)
        .total_stacks(instances)
        .total_core_instances(40 * instances)
        .total_memories(3 * instances)
        .total_tables(3 * instances)
        .max_memories_per_component(4)
        .max_tables_per_component(8)
        .max_core_instances_per_component(64)
        .max_tables_per_module(4)
        .max_memories_per_module(1)
        .table_elements(TABLE_ENTRIES_MAX)
        .max_component_instance_size(1 << 20)
        .max_core_instance_size(1 << 20)
        .max_memory_size(128 << 20)
        .linear_memory_keep_resident(resident)
        .table_keep_resident(64 << 10)
        .pagemap_scan(pagemap_scan)
        .decommit_batch_size(16)
        .max_unused_warm_slots(100);
    pool
}
