import {join} from 'node:path';
import type {Client} from '../client.js';

const source = `
public class Probe {
	public static void main(String[] arguments) {
		try (var answer = new java.net.URL(arguments[0]).openStream()) {
			answer.transferTo(System.out);
		} catch (java.io.IOException reason) {
			System.err.println(reason.getMessage());
			System.exit(1);
		}
	}
}
`;

/** Java runs a source file where it has a compiler (JEP 330); that takes its time. */
export const java: Client = {
	name: 'java',
	program: 'java',
	files: {'Probe.java': source},
	// Without the file by which tools would watch it.
	start: ({url, room}) => ({args: ['-XX:-UsePerfData', join(room, 'Probe.java'), url]}),
	store: 'java',
	variables: ['JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', '_JAVA_OPTIONS'],
	decides: /javax\.net\.ssl\.trustStore/,
	patience: 60_000,
	useless: [
		[
			/jdk\.compiler|find or load main class|NoClassDefFoundError: com\/sun\/tools/i,
			'cannot be tried: it is without a compiler (a JRE), or older than Java 11',
		],
		[/Unable to locate a Java Runtime/i, 'is not installed'],
	],
};
