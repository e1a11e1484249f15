//! A real Exim and a real Dovecot on loopback, gone with the test: what Exim takes for a mailbox that was made, Dovecot shows there.
//!
//! Everybody's password is [`PASSWORD`]. Mail for `gone@…` comes back, `later@…` is told to come again, `nobody@…` is refused at once.

#![expect(
    clippy::unwrap_used,
    reason = "for tests and benches alone: where a server of theirs cannot be set up, they end"
)]

/// Tokens in place of passwords.
mod tokens;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokens::TokenPorts;

/// Everybody's.
pub const PASSWORD: &str = "geheim";

/// Where a server listens, by TLS from the first byte and by STARTTLS.
#[derive(Clone, Copy)]
pub struct Ports {
    /// By TLS from the first byte.
    pub tls: u16,
    /// In clear, until STARTTLS.
    pub plain: u16,
}

/// Both servers.
pub struct MailServers {
    folder: TempDir,
    /// The root of the servers' certificates, as PEM.
    pub root_pem: String,
    /// Where tokens are asked for, over TLS, where there are any.
    pub tokens: Option<u16>,
    token_ports: Option<TokenPorts>,
    /// Dovecot's.
    pub imap: Ports,
    /// Exim's.
    pub smtp: Ports,
    dovecot: Option<Child>,
    exim: Option<Child>,
}

impl MailServers {
    /// Both, and somebody who gives out tokens: Dovecot and Exim take them in place of passwords (XOAUTH2).
    pub async fn start_with_tokens() -> Self {
        let mut servers = Self::set_up();
        let ports = tokens::start(servers.folder.path()).await;
        servers.tokens = Some(ports.tls);
        servers.token_ports = Some(ports);
        servers.start_dovecot();
        servers.start_exim();
        servers
    }

    /// Starts both.
    pub fn start() -> Self {
        let mut servers = Self::set_up();
        servers.start_dovecot();
        servers.start_exim();
        servers
    }

    fn set_up() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Both give up their rights, and must still come in.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let root_pem = certificate(folder.path());
        for name in ["mail", "dovecot", "exim"] {
            let path = folder.path().join(name);
            fs::create_dir(&path).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
        }
        Self {
            folder,
            root_pem,
            tokens: None,
            token_ports: None,
            imap: Ports {
                tls: port(),
                plain: port(),
            },
            smtp: Ports {
                tls: port(),
                plain: port(),
            },
            dovecot: None,
            exim: None,
        }
    }

    /// Starts Dovecot, where it was killed.
    pub fn start_dovecot(&mut self) {
        let path = self.folder.path().join("dovecot.conf");
        fs::write(&path, self.dovecot_configuration()).unwrap();
        let mut command = Command::new("/usr/sbin/dovecot");
        command.arg("-F").arg("-c").arg(&path);
        self.dovecot = Some(started(
            command,
            self.imap.plain,
            &self.folder.path().join("dovecot/log"),
        ));
    }

    /// Starts Exim, where it was killed.
    pub fn start_exim(&mut self) {
        let path = self.folder.path().join("exim.conf");
        fs::write(&path, self.exim_configuration()).unwrap();
        let mut command = exim();
        command.arg("-bdf").arg("-q1s").arg("-C").arg(&path);
        self.exim = Some(started(
            command,
            self.smtp.plain,
            &self.folder.path().join("exim/mainlog"),
        ));
    }

    /// SIGKILL, in the midst of whatever it does.
    pub fn kill_dovecot(&mut self) {
        kill(self.dovecot.take());
        // Its processes outlive their master.
        drop(
            Command::new("pkill")
                .arg("-9")
                .arg("-f")
                .arg(self.folder.path().join("dovecot.conf"))
                .status(),
        );
    }

    /// The same.
    pub fn kill_exim(&mut self) {
        kill(self.exim.take());
    }

    /// Waits until Exim has brought everything where it goes.
    pub async fn all_delivered(&self) {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let mut command = exim();
            command
                .arg("-C")
                .arg(self.folder.path().join("exim.conf"))
                .arg("-bpc");
            let waiting = command.output().unwrap().stdout;
            if waiting.trim_ascii() == b"0" {
                return;
            }
            assert!(Instant::now() < until, "mails wait in Exim's queue");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Makes somebody's mailbox: Exim names no folder by what a stranger says.
    pub fn make(&self, mailbox: &str) {
        self.maildir(mailbox, "new");
    }

    /// Puts a mail into somebody's mailbox, past all servers.
    pub fn put(&self, mailbox: &str, name: &str, raw: &str) {
        let (temporary, new) = (self.maildir(mailbox, "tmp"), self.maildir(mailbox, "new"));
        fs::write(temporary.join(name), raw).unwrap();
        fs::set_permissions(temporary.join(name), fs::Permissions::from_mode(0o666)).unwrap();
        fs::rename(temporary.join(name), new.join(name)).unwrap();
    }

    fn maildir(&self, mailbox: &str, part: &str) -> PathBuf {
        let home = self.folder.path().join("mail").join(mailbox);
        for part in ["", "tmp", "new", "cur"] {
            let path = home.join(part);
            if fs::create_dir_all(&path).is_ok() {
                drop(fs::set_permissions(
                    &path,
                    fs::Permissions::from_mode(0o777),
                ));
            }
        }
        drop(
            Command::new("chown")
                .args(["-R", "mail:mail"])
                .arg(&home)
                .status(),
        );
        home.join(part)
    }

    /// What is in somebody's folder, oldest first; a sub-folder as `.Done`.
    pub fn mails(&self, mailbox: &str, folder: &str) -> Vec<String> {
        let home = self.folder.path().join("mail").join(mailbox).join(folder);
        let mut found: Vec<_> = ["new", "cur"]
            .iter()
            .filter_map(|part| fs::read_dir(home.join(part)).ok())
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .collect();
        found.sort();
        found
            .iter()
            .map(|path| fs::read_to_string(path).unwrap())
            .collect()
    }

    /// The same once there are so many, or after half a minute what there is.
    pub async fn mails_once(&self, mailbox: &str, count: usize) -> Vec<String> {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let mails = self.mails(mailbox, "");
            if mails.len() >= count || Instant::now() > until {
                return mails;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Hands a mail to Exim as any other server does.
    pub fn send(&self, from: &str, to: &str, raw: &str) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.smtp.plain)).unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut reply = |stream: &mut TcpStream, command: &str| {
            stream.write_all(command.as_bytes()).unwrap();
            let mut line = String::new();
            loop {
                line.clear();
                reader.read_line(&mut line).unwrap();
                if line.as_bytes().get(3) != Some(&b'-') {
                    break;
                }
            }
            assert!(line.starts_with(['2', '3']), "{command}{line}");
        };
        reply(&mut stream, "");
        reply(&mut stream, "EHLO trade.example\r\n");
        reply(&mut stream, &format!("MAIL FROM:<{from}>\r\n"));
        reply(&mut stream, &format!("RCPT TO:<{to}>\r\n"));
        reply(&mut stream, "DATA\r\n");
        reply(
            &mut stream,
            &format!("{}\r\n.\r\n", raw.trim_end().replace('\n', "\r\n")),
        );
        reply(&mut stream, "QUIT\r\n");
    }

    fn dovecot_configuration(&self) -> String {
        let folder = self.folder.path().display();
        let Ports { tls, plain } = self.imap;
        let (mechanisms, passdb) = match self.token_ports {
            None => ("", String::new()),
            Some(ports) => (" xoauth2 oauthbearer", self.token_passdb(ports)),
        };
        format!(
            "protocols = imap\nlisten = 127.0.0.1\nbase_dir = {folder}/dovecot/run\nstate_dir = {folder}/dovecot/state\nlog_path = {folder}/dovecot/log\n\
             default_internal_user = mail\ndefault_internal_group = mail\ndefault_login_user = mail\nfirst_valid_uid = 8\n\
             ssl = yes\nssl_cert = <{folder}/cert.pem\nssl_key = <{folder}/key.pem\nauth_mechanisms = plain login{mechanisms}\nmail_location = maildir:{folder}/mail/%u\n\
             mail_max_userip_connections = 100\n{passdb}passdb {{\n driver = static\n args = password={PASSWORD}\n}}\n\
             userdb {{\n driver = static\n args = uid=8 gid=8 home={folder}/mail/%u\n}}\nnamespace inbox {{\n inbox = yes\n}}\n\
             service imap-login {{\n chroot =\n inet_listener imap {{\n address = 127.0.0.1\n port = {plain}\n }}\n inet_listener imaps {{\n address = 127.0.0.1\n port = {tls}\n ssl = yes\n }}\n}}\n\
             service anvil {{\n chroot =\n}}\n"
        )
    }

    /// Dovecot asks whose a token is.
    fn token_passdb(&self, ports: TokenPorts) -> String {
        let path = self.folder.path().join("tokens.conf");
        let asks = format!(
            "tokeninfo_url = http://127.0.0.1:{}/whose/\nusername_attribute = email\nactive_attribute = active\nactive_value = true\n",
            ports.plain
        );
        fs::write(&path, asks).unwrap();
        let path = path.display();
        format!(
            "passdb {{\n driver = oauth2\n mechanisms = xoauth2 oauthbearer\n args = {path}\n}}\n"
        )
    }

    fn exim_configuration(&self) -> String {
        let folder = self.folder.path().display();
        let Ports { tls, plain } = self.smtp;
        format!(
            "keep_environment =\nprimary_hostname = mx.desk.example\nspool_directory = {folder}/exim/spool\nlog_file_path = {folder}/exim/%slog\npid_file_path = {folder}/exim/pid\n\
             exim_user = mail\nexim_group = mail\nnever_users =\ndaemon_smtp_ports = {plain} : {tls}\nlocal_interfaces = 127.0.0.1\ntls_on_connect_ports = {tls}\n\
             tls_advertise_hosts = *\ntls_certificate = {folder}/cert.pem\ntls_privatekey = {folder}/key.pem\n\
             message_size_limit = 30M\nhost_lookup =\nrfc1413_hosts =\nsmtp_accept_max = 200\nsmtp_accept_max_per_host = 200\nqueue_only_load = 1000\n\
             acl_smtp_rcpt = acl_rcpt\nacl_smtp_data = accept\n\
             begin acl\nacl_rcpt:\n  deny message = 5.1.1 no such user\n       local_parts = nobody\n  defer message = 4.2.1 not now\n       local_parts = later\n\
             \x20 deny message = authenticate first\n       !authenticated = *\n       sender_domains = desk.example\n  accept\n\
             begin routers\ngone:\n  driver = redirect\n  local_parts = gone\n  allow_fail\n  data = :fail: no such person\n\
             local:\n  driver = accept\n  local_part_suffix = +*\n  local_part_suffix_optional\n  transport = maildir\n\
             begin transports\nmaildir:\n  driver = appendfile\n  directory = ${{lookup{{$local_part@$domain}}dsearch,filter=dir,ret=full{{{folder}/mail}}{{$value}}{{{folder}/mail/others}}}}\n  maildir_format\n  create_directory\n  user = mail\n  group = mail\n  mode = 0666\n\
             \x20 delivery_date_add\n  envelope_to_add\n  return_path_add\n\
             begin retry\n* * F,1h,1s\n\
             begin authenticators\nplain:\n  driver = plaintext\n  public_name = PLAIN\n  server_prompts = :\n  server_condition = ${{if eq{{$auth3}}{{{PASSWORD}}}}}\n  server_set_id = $auth2\n\
             xoauth2:\n  driver = plaintext\n  public_name = XOAUTH2\n  server_prompts = :\n  server_set_id = token\n\
             \x20 server_condition = ${{if match{{$auth1}}{{\\N^user=([^\\x01]+)\\x01auth=Bearer token-of-([^\\x01]+)\\x01\\x01$\\N}}{{${{if eq{{$1}}{{$2}}}}}}}}\n"
        )
    }
}

impl Drop for MailServers {
    fn drop(&mut self) {
        self.kill_exim();
        self.kill_dovecot();
    }
}

/// With a configuration of one's own it gives up root's rights half-way; so it never has them.
fn exim() -> Command {
    let mut command = Command::new("setpriv");
    command.args([
        "--reuid=mail",
        "--regid=mail",
        "--clear-groups",
        "/usr/sbin/exim4",
    ]);
    command
}

fn kill(child: Option<Child>) {
    if let Some(mut child) = child {
        drop(child.kill());
        drop(child.wait());
    }
}

/// A port that nobody listens on just now.
fn port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Waits until it takes connections.
fn started(mut command: Command, port: u16, log: &Path) -> Child {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("`cargo xtask test` installs the mail servers first");
    let until = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        let ended = child.try_wait().unwrap();
        assert!(
            ended.is_none() && Instant::now() < until,
            "a mail server did not start ({ended:?}): {}",
            fs::read_to_string(log).unwrap_or_default()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

/// A certificate of `localhost`, and the root that vouches for it, which is answered.
fn certificate(folder: &Path) -> String {
    let mut root = CertificateParams::new(Vec::new()).unwrap();
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root_key = KeyPair::generate().unwrap();
    let root_pem = root.self_signed(&root_key).unwrap().pem();
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let signed = own.signed_by(&key, &Issuer::new(root, root_key)).unwrap();
    fs::write(folder.join("cert.pem"), signed.pem()).unwrap();
    fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
    fs::set_permissions(folder.join("key.pem"), fs::Permissions::from_mode(0o644)).unwrap();
    root_pem
}
