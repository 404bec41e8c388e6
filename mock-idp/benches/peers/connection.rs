//! One keep-alive connection of HTTP/1.1, as light as can be: what the
//! generator costs is missing from the machine that it shares.

use std::io;
use std::net::SocketAddr;
use std::ops::Range;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection that is made anew when the server has closed it.
pub struct Connection {
    address: SocketAddr,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
    filled: usize,
}

/// An answer, until the next request.
pub struct Answer<'a> {
    pub status: u16,
    head: &'a [u8],
    pub body: &'a [u8],
}

/// More than any of the peers sends.
const HEADERS: usize = 32;

impl Answer<'_> {
    /// The values of all headers of that name.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let read = response.parse(self.head).is_ok();
        let named = headers.into_iter().filter(|header| read && header.name.eq_ignore_ascii_case(name));
        named.filter_map(|header| str::from_utf8(header.value).ok()).collect()
    }
}

/// What a head says of what follows.
struct Head {
    bytes: usize,
    status: u16,
    length: Length,
    closes: bool,
}

impl Connection {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, stream: None, buffer: vec![0; 32 * 1024], filled: 0 }
    }

    /// Sends a whole request and reads the whole answer.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.connect().await?,
        };
        stream.write_all(request).await?;
        self.filled = 0;
        let head = loop {
            match self.read_head()? {
                Some(head) => break head,
                None => self.fill(&mut stream).await?,
            }
        };
        let start = head.bytes;
        let body = match head.length {
            Length::Bytes(length) => {
                while self.filled < start + length {
                    self.fill(&mut stream).await?;
                }
                start..start + length
            }
            Length::Chunked => self.read_chunks(&mut stream, start).await?,
        };
        if !head.closes {
            self.stream = Some(stream);
        }
        Ok(Answer { status: head.status, head: &self.buffer[..start], body: &self.buffer[body] })
    }

    async fn connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    async fn fill(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.filled * 2, 0);
        }
        match stream.read(&mut self.buffer[self.filled..]).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                self.filled += read;
                Ok(())
            }
        }
    }

    /// Nothing if not all of it has come.
    fn read_head(&self) -> io::Result<Option<Head>> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let parsed = response.parse(&self.buffer[..self.filled]).map_err(io::Error::other)?;
        let httparse::Status::Complete(bytes) = parsed else { return Ok(None) };
        let mut head = Head { bytes, status: response.code.unwrap_or(0), length: Length::Bytes(0), closes: false };
        for header in response.headers.iter() {
            if header.name.eq_ignore_ascii_case("content-length") {
                let length = str::from_utf8(header.value).map_err(io::Error::other)?;
                head.length = Length::Bytes(length.parse().map_err(io::Error::other)?);
            } else if header.name.eq_ignore_ascii_case("transfer-encoding") && header.value == b"chunked" {
                head.length = Length::Chunked;
            } else if header.name.eq_ignore_ascii_case("connection") {
                head.closes = header.value.eq_ignore_ascii_case(b"close");
            }
        }
        Ok(Some(head))
    }

    /// Joins the chunks where the first of them starts.
    async fn read_chunks(&mut self, stream: &mut TcpStream, start: usize) -> io::Result<Range<usize>> {
        let (mut read, mut written) = (start, start);
        loop {
            let line = loop {
                match find(&self.buffer[read..self.filled], b"\r\n") {
                    Some(length) => break read..read + length,
                    None => self.fill(stream).await?,
                }
            };
            let size = std::str::from_utf8(&self.buffer[line.clone()]).map_err(io::Error::other)?;
            let size = usize::from_str_radix(size, 16).map_err(io::Error::other)?;
            let chunk = line.end + 2..line.end + 2 + size;
            while self.filled < chunk.end + 2 {
                self.fill(stream).await?;
            }
            read = chunk.end + 2;
            self.buffer.copy_within(chunk, written);
            written += size;
            if size == 0 {
                return Ok(start..written);
            }
        }
    }
}

enum Length {
    Bytes(usize),
    Chunked,
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}
