"""Read off the payloads by eye: detect-documents, extract-text and what nobody knows yet.

A cell that is not named is missing. `extra` is given as the JSON that its text must hold.
"""

from __future__ import annotations

from typing import Any, Final

_QUAD: Final = [
    {"x": 211, "y": 180},
    {"x": 3770, "y": 255},
    {"x": 3699, "y": 2810},
    {"x": 160, "y": 2744},
]
MARKDOWN: Final = (
    "# Café des Halles\n\n| Article | Prix |\n|---|---|\n| Café crème | 3,20 € |\n"
    "| Thé à la menthe | 4,10 € |\n\n**Total : 7,30 €**\n"
)
INVOICE: Final = '{"supplier":"Bäckerei Öztürk","lines":[{"qty":2,"net":5.6},{"qty":1,"net":12}]}'

TEXTS: Final[dict[str, tuple[dict[str, Any], list[dict[str, Any]]]]] = {
    "task-detect-documents-completed--none-found": (
        {
            "task_id": "task_eyua0oew58p797ec",
            "operation": "detect-documents",
            "status": "completed",
            "created_at": "2026-01-08T23:00:00Z",
            "updated_at": "2026-01-08T23:00:01Z",
            "duration_s": 1.0,
            "input_ids": ["file_mlmt8ahrtfet4yb8"],
            "document_count": 0,
            "file_count": 0,
        },
        [],
    ),
    "task-detect-documents-completed--typed-convert-with-target": (
        {
            "task_id": "task_yyzq8rlmcw0dbatc",
            "operation": "detect-documents",
            "status": "completed",
            "created_at": "2025-12-18T11:03:00Z",
            "updated_at": "2025-12-18T11:03:03Z",
            "duration_s": 3.0,
            "input_ids": ["file_pozq50wxpnfe0en4"],
            "param_target_format": "image/png",
            "document_count": 1,
            "file_count": 0,
            "extra": {
                "operation": "convert",
                "result": {
                    "documents": [
                        {
                            "bounding_box": {"left": 12, "top": 9, "width": 400, "height": 250},
                            "vertices": _QUAD,
                            "file_id": None,
                        }
                    ]
                },
            },
        },
        [],
    ),
    "task-detect-documents-completed--typed-convert": (
        {
            "task_id": "task_bps985z7w2nhpk0q",
            "operation": "detect-documents",
            "status": "completed",
            "created_at": "2025-12-18T11:00:00Z",
            "updated_at": "2025-12-18T11:00:02Z",
            "duration_s": 2.0,
            "input_ids": ["file_pozq50wxpnfe0en4"],
            "document_count": 1,
            "file_count": 0,
            "extra": {
                "operation": "convert",
                "result": {
                    "documents": [
                        {
                            "bounding_box": {
                                "left": 160,
                                "top": 180,
                                "width": 3610,
                                "height": 2630,
                            },
                            "vertices": _QUAD,
                            "file_id": "file_pozq50wxpnfe0en4",
                        }
                    ]
                },
            },
        },
        [],
    ),
    "task-detect-documents-completed": (
        {
            "task_id": "task_rzcg70ngfrej8ak7",
            "operation": "detect-documents",
            "status": "completed",
            "created_at": "2025-11-10T17:24:09Z",
            "updated_at": "2025-11-10T17:24:12Z",
            "duration_s": 3.0,
            "input_ids": ["file_49cf7l058g2aje9c"],
            "callback_url": "https://hooks.ledger.example/scan?tenant=17",
            "document_count": 2,
            "file_count": 0,
            "extra": {
                "result": {
                    "documents": [
                        {
                            "bounding_box": {"left": 118, "top": 64, "width": 802, "height": 1130},
                            "vertices": [
                                {"x": 131, "y": 64},
                                {"x": 920, "y": 83},
                                {"x": 907, "y": 1194},
                                {"x": 118, "y": 1171},
                            ],
                        },
                        {
                            "bounding_box": {
                                "left": 1003.5,
                                "top": 96.25,
                                "width": 790.75,
                                "height": 1088,
                            },
                            "vertices": [
                                {"x": 1003.5, "y": 101},
                                {"x": 1786, "y": 96.25},
                                {"x": 1794.25, "y": 1184.25},
                                {"x": 1011, "y": 1179},
                            ],
                        },
                    ]
                }
            },
        },
        [],
    ),
    "task-detect-documents-failed": (
        {
            "task_id": "task_r543b4qoie1lt5mf",
            "operation": "detect-documents",
            "status": "failed",
            "created_at": "2025-11-10T18:00:00Z",
            "updated_at": "2025-11-10T18:01:31Z",
            "duration_s": 91.0,
            "input_ids": ["file_tv4rne3amyae9xhp"],
            "error": "Input file was deleted before processing.",
            "error_details": '{"input":"file_tv4rne3amyae9xhp","retryable":false}',
            "file_count": 0,
        },
        [],
    ),
    "task-detect-documents-pending--typed-convert": (
        {
            "task_id": "task_rvnsvgxr5zvowbhp",
            "operation": "detect-documents",
            "status": "pending",
            "created_at": "2025-12-18T11:02:00Z",
            "updated_at": "2025-12-18T11:02:00Z",
            "input_ids": ["file_pozq50wxpnfe0en4"],
            "file_count": 0,
            "extra": {"operation": "convert"},
        },
        [],
    ),
    "task-detect-documents-pending": (
        {
            "task_id": "task_llsxvd4ln2l9f8s2",
            "operation": "detect-documents",
            "status": "pending",
            "created_at": "2025-11-10T17:21:30Z",
            "updated_at": "2025-11-10T17:21:30Z",
            "input_ids": ["file_49cf7l058g2aje9c"],
            "file_count": 0,
        },
        [],
    ),
    "task-detect-documents-processing": (
        {
            "task_id": "task_99kd5t1wx1pymiy3",
            "operation": "detect-documents",
            "status": "processing",
            "created_at": "2025-11-10T17:21:58Z",
            "updated_at": "2025-11-10T17:22:00Z",
            "input_ids": ["file_49cf7l058g2aje9c"],
            "file_count": 0,
        },
        [],
    ),
    "task-extract-text-completed--empty": (
        {
            "task_id": "task_4kqy67mwjh3e1pbj",
            "operation": "extract-text",
            "status": "completed",
            "created_at": "2026-01-08T23:05:00Z",
            "updated_at": "2026-01-08T23:05:02Z",
            "duration_s": 2.0,
            "input_ids": ["file_mlmt8ahrtfet4yb8"],
            "param_format": "plain",
            "text_format": "plain",
            "text_length": 0,
            "file_count": 0,
        },
        [],
    ),
    "task-extract-text-completed--json": (
        {
            "task_id": "task_5vt8qo2lek690ba6",
            "operation": "extract-text",
            "status": "completed",
            "created_at": "2025-12-19T08:00:00Z",
            "updated_at": "2025-12-19T08:00:33Z",
            "duration_s": 33.0,
            "input_ids": ["file_cu1teyq5i9m6zgju"],
            "param_format": "json",
            "text_format": "json",
            "text_length": 79,
            "file_count": 0,
            "extra": {
                "parameters": {
                    "schema": {
                        "type": "object",
                        "required": ["supplier", "lines"],
                        "properties": {
                            "supplier": {"type": "string", "description": "Seller"},
                            "lines": {
                                "type": "array",
                                "items": {
                                    "type": "object",
                                    "properties": {
                                        "qty": {"type": "integer"},
                                        "net": {"type": "number"},
                                    },
                                },
                            },
                        },
                    }
                }
            },
        },
        [],
    ),
    "task-extract-text-completed": (
        {
            "task_id": "task_t7yv38jhqorptrfy",
            "operation": "extract-text",
            "status": "completed",
            "created_at": "2025-11-12T06:50:22Z",
            "updated_at": "2025-11-12T06:50:41Z",
            "duration_s": 19.0,
            "input_ids": ["file_4r35g18vhc6kl0o0"],
            "param_format": "markdown",
            "text_format": "markdown",
            "text_length": 121,
            "file_count": 0,
        },
        [],
    ),
    "task-extract-text-failed": (
        {
            "task_id": "task_sdsmn93up1qgqf7f",
            "operation": "extract-text",
            "status": "failed",
            "created_at": "2025-11-12T07:02:00Z",
            "updated_at": "2025-11-12T07:03:05Z",
            "duration_s": 65.0,
            "input_ids": ["file_7z2jiq5lm0nujjjt"],
            "param_format": "json",
            "error": "Extracted data does not match the schema.",
            "error_details": (
                '{"schema_errors":[{"path":"/total","reason":"missing"}],"attempts":2}'
            ),
            "file_count": 0,
            "extra": {
                "parameters": {
                    "schema": {
                        "type": "object",
                        "properties": {"total": {"type": "number"}},
                        "required": ["total"],
                    }
                }
            },
        },
        [],
    ),
    "task-extract-text-pending": (
        {
            "task_id": "task_sz8h521czzvtk34l",
            "operation": "extract-text",
            "status": "pending",
            "created_at": "2025-11-12T06:45:10.250Z",
            "updated_at": "2025-11-12T06:45:10.250Z",
            "input_ids": ["task_9y6e8uu88gbry4v0"],
            "param_format": "plain",
            "file_count": 0,
        },
        [],
    ),
    "task-extract-text-processing": (
        {
            "task_id": "task_og5ysy0pvo28a7oy",
            "operation": "extract-text",
            "status": "processing",
            "created_at": "2025-11-12T06:46:00Z",
            "updated_at": "2025-11-12T06:46:19Z",
            "input_ids": ["file_4r35g18vhc6kl0o0"],
            "param_format": "html",
            "file_count": 0,
        },
        [],
    ),
    "task-unknown-operation-completed": (
        {
            "task_id": "task_8x7jor2c685gz9hn",
            "operation": "redact",
            "status": "completed",
            "created_at": "2026-01-12T14:00:00Z",
            "updated_at": "2026-01-12T14:00:09Z",
            "duration_s": 9.0,
            "input_ids": ["file_nfnycndvjv5tbmoq"],
            "file_count": 0,
            "extra": {"parameters": {"patterns": ["iban"]}, "result": {"redactions": 7}},
        },
        [],
    ),
    "task-unknown-operation-pending": (
        {
            "task_id": "task_vyp3px18p403vv88",
            "operation": "classify",
            "status": "pending",
            "created_at": "2026-01-12T14:05:00Z",
            "updated_at": "2026-01-12T14:05:00Z",
            "input_ids": [],
            "file_count": 0,
            "extra": {"parameters": {"inputs": {"a": "file_gd1a7op04oq98vrj"}}},
        },
        [],
    ),
    "task-unknown-status": (
        {
            "task_id": "task_maynne5j907pram6",
            "operation": "merge",
            "status": "canceled",
            "created_at": "2026-01-13T10:00:00Z",
            "updated_at": "2026-01-13T10:00:03Z",
            "input_ids": ["file_v595to36uhaullf6"],
            "file_count": 0,
            "extra": {"result": {"reason": "user"}},
        },
        [],
    ),
}
