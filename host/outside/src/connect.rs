//! TCP to one of the checked addresses, and TLS for the name. Takes addresses, never a name: there is nothing here that could look one up.

use crate::{
    FetchError,
    limits::ADDRESSES_TRIED_MAX,
    target::Target,
    tls::{Tls, reason, server_name},
};
use rustls::ClientConfig;
use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

/// A connection, with TLS or without.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Connects within the time given, TLS included.
pub(crate) async fn connect(
    target: &Target,
    checked: &[IpAddr],
    tls: &Tls,
    within: Duration,
) -> Result<Box<dyn Stream>, FetchError> {
    if target.tls {
        trusting(target, tls)?;
    }
    let connecting = async {
        let plain = first(target, checked, within).await?;
        let stream: Box<dyn Stream> = if target.tls {
            Box::new(secured(target, plain, &tls.pages).await?)
        } else {
            Box::new(plain)
        };
        Ok(stream)
    };
    timeout(within, connecting)
        .await
        .unwrap_or_else(|_| Err(slow(target)))
}

/// Refuses where nobody's certificate could be trusted.
pub(crate) fn trusting(target: &Target, tls: &Tls) -> Result<(), FetchError> {
    if tls.has_roots {
        return Ok(());
    }
    Err(FetchError::Untrusted {
        host: target.authority(),
        reason: "this server has no root certificates; its operator has to install them (ca-certificates)",
    })
}

/// Connects to who stands in for the target, without TLS.
pub(crate) async fn stand_in(
    target: &Target,
    address: SocketAddr,
    within: Duration,
) -> Result<TcpStream, FetchError> {
    match timeout(within, TcpStream::connect(address)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(FetchError::unavailable(target.authority(), words(&error))),
        Err(_) => Err(slow(target)),
    }
}

/// The first of the addresses that takes a connection.
pub(crate) async fn first(
    target: &Target,
    checked: &[IpAddr],
    within: Duration,
) -> Result<TcpStream, FetchError> {
    let tried = checked.len().clamp(1, ADDRESSES_TRIED_MAX);
    // An address that swallows packets leaves the next one its share of the time.
    let each = within / tried as u32;
    let mut last = FetchError::unavailable(target.authority(), "its name has no address");
    for address in checked.iter().take(ADDRESSES_TRIED_MAX) {
        last = match timeout(
            each,
            TcpStream::connect(SocketAddr::new(*address, target.port)),
        )
        .await
        {
            Ok(Ok(stream)) => {
                // One small request follows: nothing is gained by gathering.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => FetchError::unavailable(target.authority(), words(&error)),
            Err(_) => slow(target),
        };
    }
    Err(last)
}

/// TLS for the target's name.
pub(crate) async fn secured(
    target: &Target,
    plain: TcpStream,
    config: &Arc<ClientConfig>,
) -> Result<tokio_rustls::client::TlsStream<TcpStream>, FetchError> {
    let name = server_name(&target.host)?;
    let connector = TlsConnector::from(config.clone());
    let secured = connector.connect(name, plain).await;
    secured.map_err(|error| match reason(&error) {
        Some(reason) => FetchError::Untrusted {
            host: target.authority(),
            reason,
        },
        None => FetchError::unavailable(target.authority(), words(&error)),
    })
}

pub(crate) fn slow(target: &Target) -> FetchError {
    FetchError::unavailable(target.authority(), "connecting takes too long")
}

/// The system's own words may name an address.
pub(crate) fn words(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "the connection is refused",
        io::ErrorKind::TimedOut => "connecting takes too long",
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            "there is no way to it from here"
        }
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => "the connection was cut",
        _ => "the connection failed",
    }
}
