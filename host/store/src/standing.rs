//! Where installs stand: in which lanes they wait after a failure, and which deliveries to them were given up.

use crate::{
    db::{Arg, Row},
    rows,
    tenant::{Read, TenantStore},
};
use guichet_core::{changeset::Parked, id::InstallId, time::Timestamp};

/// A delivery that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    pub install: InstallId,
    pub sequence: u64,
    pub reason: String,
    pub at: Timestamp,
}

impl TenantStore {
    /// Installs that wait in a lane.
    pub async fn parked(&self) -> Read<Vec<Parked>> {
        self.list_of(
            "select * from parked where tenant_id = $1 order by due_at",
            [],
            rows::parked,
        )
        .await
    }

    /// Where an install waits, the lane that is due first coming first, with the numbers of the tickets that the lanes are of; and in how many lanes
    /// it waits in all.
    pub async fn parked_of(
        &self,
        install: InstallId,
        limit: u32,
    ) -> Read<(Vec<(Parked, Option<u64>)>, u64)> {
        let count = self
            .one_of(
                "select count(*) as parked from parked where tenant_id = $1 and install_id = $2",
                [Arg::bytes(install.0)],
                |row| row.count("parked"),
            )
            .await?;
        let sql = "select p.*, t.number from parked p left join tickets t on t.tenant_id = p.tenant_id and t.id = p.lane \
             where p.tenant_id = $1 and p.install_id = $2 order by p.due_at limit $3";
        let read = |row: &Row| {
            let number = row.opt_int("number")?;
            Ok((rows::parked(row)?, number.map(i64::cast_unsigned)))
        };
        let args = [Arg::bytes(install.0), Arg::int(limit.into())];
        let parked = self.list_of(sql, args, read).await?;
        Ok((parked, count.unwrap_or(0)))
    }

    /// How many deliveries to an install were given up.
    pub async fn count_dead_letters(&self, install: InstallId) -> Read<u64> {
        let sql =
            "select count(*) as letters from dead_letters where tenant_id = $1 and install_id = $2";
        let count = self.one_of(sql, [Arg::bytes(install.0)], |row| row.count("letters"));
        Ok(count.await?.unwrap_or(0))
    }

    /// Whether that delivery was given up.
    pub async fn is_dead_letter(&self, install: InstallId, sequence: u64) -> Read<bool> {
        let sql = "select sequence from dead_letters where tenant_id = $1 and install_id = $2 and sequence = $3";
        let args = [Arg::bytes(install.0), Arg::int(sequence)];
        Ok(self
            .one_of(sql, args, |row| row.count("sequence"))
            .await?
            .is_some())
    }

    /// Deliveries that were given up, newest first.
    pub async fn dead_letters(&self, limit: u32) -> Read<Vec<DeadLetter>> {
        let read = |row: &Row| {
            Ok(DeadLetter {
                install: InstallId(row.id("install_id")?),
                sequence: row.count("sequence")?,
                reason: row.text("reason")?,
                at: Timestamp(row.int("at")?),
            })
        };
        self.list_of("select * from dead_letters where tenant_id = $1 order by at desc, sequence desc limit $2", [Arg::int(limit.into())], read).await
    }
}
