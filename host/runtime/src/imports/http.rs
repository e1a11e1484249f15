//! `http`: servers outside. Where, and with which secrets, the host alone decides.

use super::told;
use crate::{
    bindings::guichet::platform::{
        http::{Host, Request, Response},
        types::{Body, Error},
    },
    convert, grant,
    helpdesk::Fetch,
    limits::{BODY_INLINE_BYTES_MAX, FETCH_BODY_BYTES_MAX, FILE_PART_BYTES_MAX},
    state::State,
};
use guichet_core::id::FileId;

impl Host for State {
    async fn fetch(&mut self, request: Request) -> wasmtime::Result<Result<Response, Error>> {
        told!(self.enter_granted("http")?);
        if self.limits.http_calls == 0 {
            return Ok(Err(Error::Denied(
                "calls to the outside are for jobs and requests: enqueue a job".to_owned(),
            )));
        }
        self.http_calls += 1;
        if self.http_calls > self.limits.http_calls {
            return Ok(Err(Error::Limit(format!(
                "more than {} calls to the outside: go on in another job",
                self.limits.http_calls
            ))));
        }
        let body = told!(self.whole(request.body).await?);
        let fetch = Fetch {
            method: request.method,
            url: request.url,
            headers: request.headers,
            body,
        };
        let answer = self.helpdesk.fetch(fetch).await;
        let fetched = told!(self.answer(answer)?);
        let body = if fetched.body.len() <= BODY_INLINE_BYTES_MAX {
            Body::Bytes(fetched.body)
        } else {
            let answer = self.keep("answer", "application/octet-stream", fetched.body);
            Body::File(told!(answer.await?).file)
        };
        Ok(Ok(Response {
            status: fetched.status,
            headers: fetched.headers,
            body,
            extra: Vec::new(),
        }))
    }
}

impl State {
    /// A body's bytes, read in parts where it is a file.
    async fn whole(&mut self, body: Body) -> wasmtime::Result<Result<Vec<u8>, Error>> {
        let file = match body {
            Body::Bytes(bytes) => return Ok(Ok(bytes)),
            Body::Other((kind, _)) => {
                return Ok(Err(convert::invalid(&format!(
                    "bodies of the kind `{kind}` are not known"
                ))));
            }
            Body::File(file) => told!(convert::id::<FileId>("file", &file)),
        };
        if !self.helpdesk.has_own_file(file) {
            told!(grant::check(&self.grants, &self.plugin_name, "files").map_err(Error::Denied));
        }
        let mut whole = Vec::new();
        loop {
            let part = u32::try_from(FILE_PART_BYTES_MAX).unwrap_or(u32::MAX);
            let answer = self
                .helpdesk
                .read_file(file, whole.len() as u64, part)
                .await;
            let part = told!(self.answer(answer)?);
            if part.is_empty() {
                return Ok(Ok(whole));
            }
            whole.extend(part);
            if whole.len() > FETCH_BODY_BYTES_MAX {
                return Ok(Err(Error::Limit(format!(
                    "a request's body has at most {FETCH_BODY_BYTES_MAX} bytes"
                ))));
            }
        }
    }
}
