//! Content beside the database: large files are written and synced before the commit that names them, so that none is ever named that is not there.
//! What no commit came to name, and what was erased, is swept out.

use crate::{
    db::{Arg, Db, Row},
    error::StoreError,
    limits::{FILE_INLINE_BYTES_MAX, ORPHAN_SECONDS},
    tenant::{Read, TenantStore},
};
use guichet_core::{
    changeset::FileWrite,
    id::{FileId, InstallId, TenantId, TicketId},
};
use std::{
    fs::{self, File},
    io::{ErrorKind, Read as _, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use uuid::Uuid;

/// Where large files stand. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Folder(Arc<PathBuf>);

/// Whether a file is too large for the database.
pub(crate) fn is_large(file: &FileWrite) -> bool {
    file.content.len() > FILE_INLINE_BYTES_MAX
}

impl Folder {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self(Arc::new(path))
    }

    fn path(&self, tenant: TenantId, id: FileId) -> PathBuf {
        // The last byte is random: two hundred and fifty-six folders of a size.
        let part = format!("{:02x}", id.0.as_bytes()[15]);
        self.0
            .join(tenant.to_string())
            .join(part)
            .join(id.to_string())
    }

    /// Writes and syncs a file, and the folder that names it.
    pub(crate) async fn put(&self, tenant: TenantId, file: &FileWrite) -> Result<(), StoreError> {
        let (path, content) = (self.path(tenant, file.id), file.content.clone());
        blocking(move || write_durably(&path, &content)).await
    }

    async fn part(
        &self,
        tenant: TenantId,
        id: FileId,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<u8>, StoreError> {
        let path = self.path(tenant, id);
        blocking(move || {
            let mut file = File::open(&path)?;
            file.seek(SeekFrom::Start(offset))?;
            let mut part = Vec::new();
            file.take(limit).read_to_end(&mut part)?;
            Ok(part)
        })
        .await
    }

    /// Sweeps out what is old enough to have been named, and is not. Answers how many went.
    pub(crate) async fn sweep(&self, db: &Db, older_than: Duration) -> Result<u64, StoreError> {
        let root = self.0.clone();
        let found = blocking(move || old_files(&root, older_than)).await?;
        let mut swept = 0;
        for (tenant, id, path) in found {
            let named = db
                .rows(
                    "select 1 as one from files where tenant_id = $1 and id = $2",
                    vec![Arg::bytes(tenant), Arg::bytes(id)],
                )
                .await?;
            if named.is_empty() {
                blocking(move || fs::remove_file(path)).await?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// Sweeps at the start and once a day, as long as the store lives.
    pub(crate) fn keep_swept(self, db: Db) {
        let alive = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            drop(self);
            while let Some(root) = alive.upgrade() {
                if let Err(error) = Self(root)
                    .sweep(&db, Duration::from_secs(ORPHAN_SECONDS))
                    .await
                {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "the files folder cannot be swept just now"
                    );
                }
                tokio::time::sleep(Duration::from_secs(86_400)).await;
            }
        });
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| StoreError::Closed)?
        .map_err(StoreError::File)
}

fn write_durably(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let beside = path.with_extension("part");
    let mut file = File::create(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    // The name, too, and the folders that may be new.
    for folder in folder.ancestors().take(3) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

type Old = (Uuid, Uuid, PathBuf);

fn old_files(root: &Path, older_than: Duration) -> std::io::Result<Vec<Old>> {
    let entries = |folder: &Path| match fs::read_dir(folder) {
        Ok(entries) => entries.collect::<std::io::Result<Vec<_>>>(),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    };
    let name = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let mut found = Vec::new();
    for tenant in entries(root)? {
        let Ok(id) = name(&tenant).parse::<Uuid>() else {
            continue;
        };
        for part in entries(&tenant.path())? {
            for file in entries(&part.path())? {
                let age = file.metadata()?.modified()?.elapsed().unwrap_or_default();
                // A part that was never finished has no row either.
                let stem = name(&file).trim_end_matches(".part").parse::<Uuid>();
                if let (Ok(file_id), true) = (stem, age >= older_than) {
                    found.push((id, file_id, file.path()));
                }
            }
        }
    }
    Ok(found)
}

impl TenantStore {
    /// A file: name, media type, content.
    ///
    /// # Errors
    /// [`StoreError`], as all of these.
    pub async fn file(&self, id: FileId) -> Read<Option<(String, String, Vec<u8>)>> {
        let read = |row: &Row| {
            Ok((
                row.text("name")?,
                row.text("media_type")?,
                row.opt_bytes("content")?,
            ))
        };
        let sql = "select name, media_type, content from files where tenant_id = $1 and id = $2";
        match self.one_of(sql, [Arg::bytes(id.0)], read).await? {
            Some((name, media_type, Some(content))) => Ok(Some((name, media_type, content))),
            Some((name, media_type, None)) => {
                let content = self.folder.part(self.id, id, 0, u64::MAX).await?;
                Ok(Some((name, media_type, content)))
            }
            None => Ok(None),
        }
    }

    /// The tickets on which a file stands: the one on which it was first named, and those that were split from it; none where no ticket names it.
    pub async fn tickets_of_file(&self, id: FileId) -> Read<Vec<TicketId>> {
        let sql = "select ticket_id from files where tenant_id = $1 and id = $2";
        let found = self
            .one_of(sql, [Arg::bytes(id.0)], |row| row.opt_id("ticket_id"))
            .await?;
        let Some(first) = found.flatten().map(TicketId) else {
            return Ok(Vec::new());
        };
        let mut tickets = vec![first];
        let parts: Vec<_> = match self.ticket(first).await? {
            Some(ticket) => ticket.linked("split-into").collect(),
            None => Vec::new(),
        };
        for part in parts {
            // What was split off began with the message that took its files along.
            let messages = self.messages(part, None, 1).await?;
            if messages
                .iter()
                .any(|message| crate::due::files_of(message).any(|file| file == id))
            {
                tickets.push(part);
            }
        }
        Ok(tickets)
    }

    /// Whose a file is that no ticket names yet; nothing where it is nobody's own.
    pub async fn install_of_file(&self, id: FileId) -> Read<Option<InstallId>> {
        let sql =
            "select install_id from files where tenant_id = $1 and id = $2 and ticket_id is null";
        let found = self.one_of(sql, [Arg::bytes(id.0)], |row| row.opt_id("install_id"));
        Ok(found.await?.flatten().map(InstallId))
    }

    /// A part of a file.
    pub async fn file_part(&self, id: FileId, offset: u64, limit: u64) -> Read<Option<Vec<u8>>> {
        // Both databases count from one, and PostgreSQL in 32 bits.
        let (from, count) = (
            offset.min(i32::MAX as u64 - 1) + 1,
            limit.min(i32::MAX as u64),
        );
        let sql = "select cast(case when content is null then 1 else 0 end as bigint) as beside, substr(content, cast($3 as integer), cast($4 as integer)) as part \
             from files where tenant_id = $1 and id = $2";
        let read = |row: &Row| Ok((row.int("beside")? == 1, row.opt_bytes("part")?));
        let args = [Arg::bytes(id.0), Arg::int(from), Arg::int(count)];
        match self.one_of(sql, args, read).await? {
            Some((true, _)) if limit == 0 => Ok(Some(Vec::new())),
            Some((true, _)) => self.folder.part(self.id, id, offset, limit).await.map(Some),
            Some((false, part)) => Ok(Some(part.unwrap_or_default())),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_of_ours_is_left_alone() {
        let root = std::env::temp_dir().join(format!("guichet-files-{}", std::process::id()));
        let folder = Folder::new(root.clone());
        let (tenant, id) = (TenantId(Uuid::from_u128(1)), FileId(Uuid::from_u128(2)));
        let path = folder.path(tenant, id);
        write_durably(&path, b"content").unwrap();
        fs::write(path.with_file_name("notes.txt"), b"mine").unwrap();
        let found = old_files(&root, Duration::ZERO).unwrap();
        assert_eq!(found, [(tenant.0, id.0, path)]);
        assert_eq!(old_files(&root, Duration::from_secs(60)).unwrap(), []);
        fs::remove_dir_all(&root).unwrap();
    }
}
