//! A connection without HTTP: TCP, with TLS from the beginning, later (STARTTLS), or not at all. Checked as a hop is; what is said on it is the plugin's.

use crate::{
    Allowed, FetchError, Outside, Protocol,
    connect::{first, secured, slow, stand_in, trusting, words},
    fetch::Way,
    limits::{CONNECT_MS_MAX, READ_BYTES_MAX, READ_MS_MAX, WRITE_MS_MAX},
    target::Target,
    tls::Tls,
};
use std::{io, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::client::TlsStream;

/// A connection to a server. Dropping it ends it.
pub struct Connection {
    target: Target,
    tls: Tls,
    /// Whether who answers only stands in for the server, without TLS.
    is_stand_in: bool,
    stream: Stream,
}

enum Stream {
    Plain(TcpStream),
    Secured(Box<TlsStream<TcpStream>>),
    /// Something went wrong on it: what was said and heard is not known any more.
    Ended,
}

/// Waits for the first of it, and takes with that what came already: TLS gives a record at a time.
async fn read_what_is_there(
    stream: &mut (impl AsyncRead + Unpin),
    bytes: &mut [u8],
) -> io::Result<usize> {
    let mut count = stream.read(bytes).await?;
    while count > 0 && count < bytes.len() {
        let more = tokio::select! {
            biased;
            more = stream.read(&mut bytes[count..]) => more,
            () = std::future::ready(()) => break,
        };
        match more {
            Ok(more) if more > 0 => count += more,
            // The end, or what ended it, is told by the next look.
            _ => break,
        }
    }
    Ok(count)
}

impl Outside {
    /// Connects to a server that was granted by host and port. With `tls` from the first byte on; the certificate must be for that host.
    ///
    /// # Errors
    /// See [`FetchError`]: what was not granted, what can not be reached or trusted.
    pub async fn connect(
        &self,
        allowed: &Allowed,
        host: &str,
        port: u16,
        tls: bool,
    ) -> Result<Connection, FetchError> {
        debug_assert_eq!(allowed.protocol(), Protocol::Net);
        let target = Target::server(host, port, tls)?;
        allowed.check_host(&target, None)?;
        let within = Duration::from_millis(CONNECT_MS_MAX);
        let connecting = async {
            let (plain, is_stand_in) = match self.way(allowed, &target).await? {
                Way::Checked(checked) => (first(&target, &checked, within).await?, false),
                Way::StandIn(address) => (stand_in(&target, address, within).await?, true),
            };
            let mut connection = Connection {
                target: target.clone(),
                tls: self.tls.clone(),
                is_stand_in,
                stream: Stream::Plain(plain),
            };
            if tls {
                connection.secure().await?;
            }
            Ok(connection)
        };
        timeout(within, connecting)
            .await
            .unwrap_or_else(|_| Err(slow(&target)))
    }
}

impl Connection {
    /// What comes next, at most `limit` bytes and [`READ_BYTES_MAX`]; empty once the server has ended the connection. Waits at most so many milliseconds and
    /// [`READ_MS_MAX`].
    ///
    /// # Errors
    /// [`FetchError::Silence`] where nothing came in time, which ends nothing; [`FetchError::Unavailable`] where the connection was cut.
    pub async fn read(&mut self, limit: usize, milliseconds: u64) -> Result<Vec<u8>, FetchError> {
        let within = Duration::from_millis(milliseconds.min(READ_MS_MAX));
        let mut bytes = vec![0; limit.clamp(1, READ_BYTES_MAX)];
        let reading = async {
            match &mut self.stream {
                Stream::Plain(stream) => read_what_is_there(stream, &mut bytes).await,
                Stream::Secured(stream) => read_what_is_there(stream, &mut bytes).await,
                Stream::Ended => Err(io::ErrorKind::NotConnected.into()),
            }
        };
        match timeout(within, reading).await {
            Err(_) => Err(FetchError::Silence {
                host: self.target.authority(),
                milliseconds: within.as_millis(),
            }),
            Ok(Ok(count)) => {
                bytes.truncate(count);
                Ok(bytes)
            }
            // Servers that hang up without a word of TLS are many; what was said before counts.
            Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(Vec::new()),
            Ok(Err(error)) => Err(self.ended(&error)),
        }
    }

    /// Says all of it, within [`WRITE_MS_MAX`].
    ///
    /// # Errors
    /// [`FetchError::Unavailable`]: how much of it was heard, nobody knows; the connection has ended.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), FetchError> {
        let within = Duration::from_millis(WRITE_MS_MAX);
        let writing = async {
            match &mut self.stream {
                Stream::Plain(stream) => stream.write_all(bytes).await,
                Stream::Secured(stream) => {
                    stream.write_all(bytes).await?;
                    stream.flush().await
                }
                Stream::Ended => Err(io::ErrorKind::NotConnected.into()),
            }
        };
        let written = timeout(within, writing).await;
        match written.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.ended(&error)),
        }
    }

    /// TLS from here on, for the host that was connected to.
    ///
    /// # Errors
    /// [`FetchError::Untrusted`] and its neighbours; the connection has ended then. [`FetchError::Connection`] where it is there already.
    pub async fn start_tls(&mut self) -> Result<(), FetchError> {
        let within = Duration::from_millis(CONNECT_MS_MAX);
        match timeout(within, self.secure()).await {
            Ok(secured) => secured,
            Err(_) => Err(slow(&self.target)),
        }
    }

    async fn secure(&mut self) -> Result<(), FetchError> {
        if self.is_stand_in {
            return Ok(());
        }
        match std::mem::replace(&mut self.stream, Stream::Ended) {
            Stream::Plain(plain) => {
                trusting(&self.target, &self.tls)?;
                let stream = secured(&self.target, plain, &self.tls.servers).await?;
                self.stream = Stream::Secured(Box::new(stream));
                Ok(())
            }
            there @ Stream::Secured(_) => {
                self.stream = there;
                Err(self.unfit("it speaks TLS already"))
            }
            Stream::Ended => Err(self.unfit("it has ended; connect anew")),
        }
    }

    fn ended(&mut self, error: &io::Error) -> FetchError {
        self.stream = Stream::Ended;
        match error.kind() {
            io::ErrorKind::NotConnected => self.unfit("it has ended; connect anew"),
            _ => FetchError::unavailable(self.target.authority(), words(error)),
        }
    }

    fn unfit(&self, reason: &'static str) -> FetchError {
        FetchError::Connection {
            host: self.target.authority(),
            reason,
        }
    }
}
