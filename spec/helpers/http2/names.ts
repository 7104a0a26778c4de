/** Types of frames (RFC 9113 section 6, RFC 9218 section 7.1). */
export const frameTypes = {
	DATA: 0,
	HEADERS: 1,
	PRIORITY: 2,
	RST_STREAM: 3,
	SETTINGS: 4,
	PUSH_PROMISE: 5,
	PING: 6,
	GOAWAY: 7,
	WINDOW_UPDATE: 8,
	CONTINUATION: 9,
	PRIORITY_UPDATE: 0x10,
} as const;
export type FrameType = keyof typeof frameTypes;

/** Error codes (RFC 9113 section 7). */
export const errorCodes = {
	NO_ERROR: 0,
	PROTOCOL_ERROR: 1,
	INTERNAL_ERROR: 2,
	FLOW_CONTROL_ERROR: 3,
	SETTINGS_TIMEOUT: 4,
	STREAM_CLOSED: 5,
	FRAME_SIZE_ERROR: 6,
	REFUSED_STREAM: 7,
	CANCEL: 8,
	COMPRESSION_ERROR: 9,
	CONNECT_ERROR: 10,
	ENHANCE_YOUR_CALM: 11,
	INADEQUATE_SECURITY: 12,
	HTTP_1_1_REQUIRED: 13,
} as const;
export type ErrorCode = keyof typeof errorCodes;

/** Settings (RFC 9113 section 6.5.2, RFC 8441 section 3, RFC 9218 section 2.1). */
export const settingIds = {
	HEADER_TABLE_SIZE: 1,
	ENABLE_PUSH: 2,
	MAX_CONCURRENT_STREAMS: 3,
	INITIAL_WINDOW_SIZE: 4,
	MAX_FRAME_SIZE: 5,
	MAX_HEADER_LIST_SIZE: 6,
	ENABLE_CONNECT_PROTOCOL: 8,
	NO_RFC7540_PRIORITIES: 9,
} as const;
export type SettingName = keyof typeof settingIds;

/** Flags; which of them mean something depends on the type. */
export const flags = {
	END_STREAM: 0x1,
	ACK: 0x1,
	END_HEADERS: 0x4,
	PADDED: 0x8,
	PRIORITY: 0x20,
} as const;

/** What a client sends first (RFC 9113 section 3.4). */
export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** Largest stream identifier and window. */
export const largest = 2 ** 31 - 1;

/** The name of a number in one of the tables above, or the number. */
export function nameOf(table: Readonly<Record<string, number>>, number: number): string {
	return Object.entries(table).find(([, value]) => value === number)?.[0] ?? String(number);
}
