import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Does all the work of spec/helpers/http2-clients/backend.ts with java.net.http, and prints an account. */
public class Client {
	private static HttpClient client;
	private static String url;
	private static long size;
	private static byte[] block;
	private static final AtomicInteger events = new AtomicInteger();

	/** @param args URL, file of the root, bytes of bulk, number of modules */
	public static void main(String[] args) throws Exception {
		url = args[0];
		size = Long.parseLong(args[2]);
		int modules = Integer.parseInt(args[3]);
		client = HttpClient.newBuilder().sslContext(trusting(args[1])).build();
		block = send(request("/block").build(), BodyHandlers.ofByteArray()).body();

		HttpResponse<InputStream> stream = send(request("/events").build(), BodyHandlers.ofInputStream());
		Thread reader = new Thread(() -> countEvents(stream.body()));
		reader.setDaemon(true);
		reader.start();

		int ran = loadModules(modules);
		nextEvent();
		CompletableFuture<Long> uploaded = CompletableFuture.supplyAsync(() -> quietly(Client::upload));
		CompletableFuture<Long> downloaded =
			CompletableFuture.supplyAsync(() -> quietly(() -> download("/download", Long.MAX_VALUE)));
		CompletableFuture<Void> cancelled =
			CompletableFuture.runAsync(() -> quietly(Client::cancelUpload));
		long part = download("/cancelled-download", size / 2);
		cancelled.get();
		nextEvent();
		long up = uploaded.get();
		long down = downloaded.get();
		nextEvent();
		System.out.printf(
			"{\"modules\": %d, \"uploaded\": %d, \"downloaded\": %d, \"downloadedInPart\": %d, \"events\": %d}%n",
			ran, up, down, part, events.get());
		System.exit(0);
	}

	private static SSLContext trusting(String file) throws Exception {
		KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
		store.load(null, null);
		try (InputStream certificate = Files.newInputStream(Path.of(file))) {
			store.setCertificateEntry(
				"root", CertificateFactory.getInstance("X.509").generateCertificate(certificate));
		}
		TrustManagerFactory factory =
			TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		factory.init(store);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, factory.getTrustManagers(), null);
		return context;
	}

	private static HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(url + path));
	}

	private static <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
		throws Exception {
		return checked(client.send(request, handler));
	}

	private static <T> HttpResponse<T> checked(HttpResponse<T> response) {
		if (response.statusCode() != 200 || response.version() != HttpClient.Version.HTTP_2) {
			throw new IllegalStateException(response + " " + response.version());
		}
		return response;
	}

	/** With so many at a time as a server is sure to allow: this client opens a connection for those above. */
	private static int loadModules(int count) throws Exception {
		Semaphore turns = new Semaphore(90);
		List<CompletableFuture<String>> all = new ArrayList<>();
		for (int index = 0; index < count; index++) {
			turns.acquire();
			HttpRequest module = request("/module-" + index + ".js").build();
			all.add(client.sendAsync(module, BodyHandlers.ofString())
				.whenComplete((response, error) -> turns.release())
				.thenApply(response -> checked(response).body()));
		}
		return (int) all.stream().filter(text -> text.join().contains("globalThis.ran")).count();
	}

	private static void countEvents(InputStream stream) {
		try (stream) {
			for (int octet = stream.read(); octet != -1; octet = stream.read()) {
				if (octet == ':') {
					events.incrementAndGet();
				}
			}
			throw new IllegalStateException("the event stream has ended");
		} catch (Exception error) {
			fail(error);
		}
	}

	private static void nextEvent() throws Exception {
		for (int before = events.get(); events.get() == before; ) {
			Thread.sleep(20);
		}
	}

	private static long download(String path, long most) throws Exception {
		long received = 0;
		byte[] piece = new byte[65_536];
		try (InputStream body = send(request(path).build(), BodyHandlers.ofInputStream()).body()) {
			for (int length = body.read(piece); length != -1; length = body.read(piece)) {
				for (int from = 0; from < length; ) {
					int at = (int) (received % block.length);
					int step = Math.min(length - from, block.length - at);
					if (!Arrays.equals(piece, from, from + step, block, at, at + step)) {
						throw new IllegalStateException("wrong content after " + received);
					}
					from += step;
					received += step;
				}
				if (received >= most) {
					break;
				}
			}
		}
		return received;
	}

	/** Bulk, and what is to be told when half of it has been taken. */
	private static BodyPublisher bulk(Runnable atHalf) {
		int count = (int) (size / block.length);
		Iterator<byte[]> blocks = IntStream.range(0, count)
			.peek(index -> {
				if (index == count / 2) {
					atHalf.run();
				}
			})
			.mapToObj(index -> block)
			.iterator();
		return BodyPublishers.fromPublisher(BodyPublishers.ofByteArrays(() -> blocks), size);
	}

	private static long upload() throws Exception {
		HttpRequest upload = request("/upload").POST(bulk(() -> { })).build();
		String answer = send(upload, BodyHandlers.ofString()).body();
		return Long.parseLong(answer.replaceAll("\\D", ""));
	}

	private static Void cancelUpload() throws Exception {
		CountDownLatch atHalf = new CountDownLatch(1);
		HttpRequest upload = request("/cancelled-upload").POST(bulk(atHalf::countDown)).build();
		CompletableFuture<HttpResponse<String>> answer = client.sendAsync(upload, BodyHandlers.ofString());
		atHalf.await();
		answer.cancel(true);
		return null;
	}

	private interface Work<T> {
		T run() throws Exception;
	}

	private static <T> T quietly(Work<T> work) {
		try {
			return work.run();
		} catch (Exception error) {
			fail(error);
			throw new IllegalStateException(error);
		}
	}

	private static void fail(Exception error) {
		error.printStackTrace();
		System.exit(1);
	}
}
